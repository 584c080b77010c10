-- Audits of shelves, what chains sold, new products on their way to the shelf, and which
-- stores are to carry what.

-- +goose Up
ALTER TABLE follow_ups ADD COLUMN about TEXT NOT NULL DEFAULT '';
CREATE INDEX follow_ups_about ON follow_ups (store_id, about) WHERE status = 'open' AND about <> '';

ALTER TABLE listings ADD COLUMN store_class TEXT NOT NULL DEFAULT '';

CREATE TABLE ranges (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  owner_id TEXT NOT NULL REFERENCES people (id),
  format TEXT NOT NULL DEFAULT '',
  store_class TEXT NOT NULL DEFAULT '',
  product_codes TEXT NOT NULL DEFAULT '',
  brands TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL CHECK (status IN ('made', 'undone')),
  created_at BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX ranges_account ON ranges (account_id);
CREATE INDEX ranges_owner ON ranges (owner_id);

CREATE TABLE audits (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  ref TEXT NOT NULL,
  store_id TEXT NOT NULL REFERENCES stores (id),
  account_id TEXT NOT NULL,
  person_id TEXT NOT NULL,
  audited_on TEXT NOT NULL,
  audited_at BIGINT NOT NULL,
  mode TEXT NOT NULL CHECK (mode IN ('quick', 'full')),
  category_facings TEXT NOT NULL DEFAULT '',
  displays TEXT NOT NULL DEFAULT '',
  pop TEXT NOT NULL DEFAULT '',
  competitor_news TEXT NOT NULL DEFAULT '',
  photos TEXT NOT NULL DEFAULT '',
  source TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL CHECK (status IN ('made', 'undone')),
  displays_agreed BIGINT NOT NULL DEFAULT 0,
  displays_standing BIGINT NOT NULL DEFAULT 0,
  promo_demanded BIGINT NOT NULL DEFAULT 0,
  promo_met BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX audits_ref ON audits (ref) WHERE status <> 'undone';
CREATE INDEX audits_one ON audits (store_id, audited_on, person_id);
CREATE INDEX audits_store ON audits (store_id, audited_at);
CREATE INDEX audits_account ON audits (account_id, audited_on);
CREATE INDEX audits_person ON audits (person_id, audited_on);
CREATE INDEX audits_day ON audits (audited_on);
CREATE INDEX audits_created ON audits (audited_at);

CREATE TABLE audit_lines (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  audit_id TEXT NOT NULL REFERENCES audits (id),
  product_id TEXT NOT NULL REFERENCES products (id),
  store_id TEXT NOT NULL,
  audited_on TEXT NOT NULL,
  category TEXT NOT NULL DEFAULT '',
  on_shelf TEXT NOT NULL DEFAULT '' CHECK (on_shelf IN ('', 'yes', 'no')),
  facings BIGINT NOT NULL DEFAULT 0 CHECK (facings >= 0),
  shelf_price BIGINT NOT NULL DEFAULT 0 CHECK (shelf_price >= 0),
  due_price BIGINT NOT NULL DEFAULT 0,
  tag_right TEXT NOT NULL DEFAULT '' CHECK (tag_right IN ('', 'yes', 'no')),
  shelf_units BIGINT NOT NULL DEFAULT 0 CHECK (shelf_units >= 0),
  backroom_units BIGINT NOT NULL DEFAULT 0 CHECK (backroom_units >= 0),
  nearest_expiry TEXT NOT NULL DEFAULT '',
  position TEXT NOT NULL DEFAULT '',
  counted TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX audit_lines_one ON audit_lines (audit_id, product_id);
CREATE INDEX audit_lines_product ON audit_lines (store_id, product_id, audited_on);

CREATE TABLE sellout (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  store_id TEXT NOT NULL REFERENCES stores (id),
  account_id TEXT NOT NULL,
  product_id TEXT NOT NULL REFERENCES products (id),
  week_on TEXT NOT NULL,
  units BIGINT NOT NULL DEFAULT 0,
  value BIGINT NOT NULL DEFAULT 0,
  stock BIGINT NOT NULL DEFAULT -1,
  created_at BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX sellout_one ON sellout (store_id, product_id, week_on);
CREATE INDEX sellout_account ON sellout (account_id, week_on, product_id);

CREATE TABLE launches (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  code TEXT NOT NULL,
  product_id TEXT NOT NULL REFERENCES products (id),
  account_id TEXT NOT NULL REFERENCES accounts (id),
  owner_id TEXT NOT NULL DEFAULT '',
  listed_on TEXT NOT NULL DEFAULT '',
  target_stores TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL CHECK (status IN ('made', 'undone')),
  created_at BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX launches_code ON launches (code) WHERE status <> 'undone';
CREATE INDEX launches_product ON launches (product_id, listed_on);
CREATE INDEX launches_account ON launches (account_id);
CREATE INDEX launches_owner ON launches (owner_id, status);

-- +goose Down
SELECT 1;
