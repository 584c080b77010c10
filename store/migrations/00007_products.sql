-- Products, and which of them an account has agreed to carry.

-- +goose Up
CREATE TABLE products (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  code TEXT NOT NULL,
  ean TEXT NOT NULL DEFAULT '',
  name TEXT NOT NULL,
  brand TEXT NOT NULL DEFAULT '',
  category TEXT NOT NULL DEFAULT '',
  case_size BIGINT NOT NULL DEFAULT 0,
  list_price BIGINT NOT NULL DEFAULT 0 CHECK (list_price >= 0),
  cost BIGINT NOT NULL DEFAULT 0 CHECK (cost >= 0),
  shelf_life_days BIGINT NOT NULL DEFAULT 0,
  own BOOLEAN NOT NULL DEFAULT TRUE,
  status TEXT NOT NULL CHECK (status IN ('active', 'discontinued', 'undone')),
  searched TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX products_code ON products (code) WHERE status <> 'undone';
CREATE UNIQUE INDEX products_ean ON products (ean) WHERE ean <> '' AND status <> 'undone';
CREATE INDEX products_category ON products (category, name);

CREATE TABLE listings (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  product_id TEXT NOT NULL REFERENCES products (id),
  owner_id TEXT NOT NULL REFERENCES people (id),
  chain_code TEXT NOT NULL DEFAULT '',
  format TEXT NOT NULL DEFAULT '',
  store_codes TEXT NOT NULL DEFAULT '',
  from_on TEXT NOT NULL DEFAULT '',
  to_on TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL CHECK (status IN ('proposed', 'listed', 'delisting', 'delisted', 'undone')),
  suggested_price BIGINT NOT NULL DEFAULT 0 CHECK (suggested_price >= 0),
  supply_price BIGINT NOT NULL DEFAULT 0 CHECK (supply_price >= 0),
  replacement_id TEXT NOT NULL DEFAULT '',
  reason TEXT NOT NULL DEFAULT '',
  deal_number TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX listings_one ON listings (account_id, product_id) WHERE status <> 'undone';
CREATE INDEX listings_product ON listings (product_id, status);
CREATE INDEX listings_status ON listings (status, created_at);
CREATE INDEX listings_owner ON listings (owner_id, status);

CREATE TABLE price_changes (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  listing_id TEXT NOT NULL REFERENCES listings (id),
  account_id TEXT NOT NULL,
  owner_id TEXT NOT NULL REFERENCES people (id),
  suggested_price BIGINT NOT NULL DEFAULT 0 CHECK (suggested_price >= 0),
  supply_price BIGINT NOT NULL DEFAULT 0 CHECK (supply_price >= 0),
  noticed_on TEXT NOT NULL DEFAULT '',
  from_on TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('proposed', 'agreed', 'applied', 'refused', 'withdrawn', 'undone')),
  created_at BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX price_changes_one ON price_changes (listing_id) WHERE status IN ('proposed', 'agreed');
CREATE INDEX price_changes_listing ON price_changes (listing_id, from_on);
CREATE INDEX price_changes_account ON price_changes (account_id);
CREATE INDEX price_changes_status ON price_changes (status, from_on);
CREATE INDEX price_changes_owner ON price_changes (owner_id, status);

-- +goose Down
SELECT 1;
