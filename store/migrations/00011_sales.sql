-- The promoters of stores, and their days.

-- +goose Up
ALTER TABLE stores ADD COLUMN promoters TEXT NOT NULL DEFAULT '';

CREATE TABLE promoter_days (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  person_id TEXT NOT NULL REFERENCES people (id),
  store_id TEXT NOT NULL REFERENCES stores (id),
  account_id TEXT NOT NULL,
  product_id TEXT NOT NULL REFERENCES products (id),
  on_day TEXT NOT NULL,
  units BIGINT NOT NULL DEFAULT 0 CHECK (units >= 0),
  gifts BIGINT NOT NULL DEFAULT 0 CHECK (gifts >= 0),
  stock BIGINT NOT NULL DEFAULT -1,
  remarks TEXT NOT NULL DEFAULT '',
  rival TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL CHECK (status IN ('made', 'undone')),
  created_at BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX promoter_days_person ON promoter_days (person_id, on_day);
CREATE INDEX promoter_days_store ON promoter_days (store_id, product_id, on_day);
CREATE INDEX promoter_days_day ON promoter_days (on_day);
CREATE INDEX promoter_days_account ON promoter_days (account_id, on_day);

-- +goose Down
SELECT 1;
