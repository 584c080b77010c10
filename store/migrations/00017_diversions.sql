-- Goods found where they were not sold to (窜货).

-- +goose Up
CREATE TABLE diversions (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  store_id TEXT NOT NULL REFERENCES stores (id),
  account_id TEXT NOT NULL REFERENCES accounts (id),
  product_id TEXT NOT NULL REFERENCES products (id),
  lot TEXT NOT NULL,
  sold_to TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '',
  photos TEXT NOT NULL DEFAULT '',
  person_id TEXT NOT NULL REFERENCES people (id),
  found_on TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('made', 'undone')),
  created_at BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX diversions_store ON diversions (store_id, found_on);
CREATE INDEX diversions_account ON diversions (account_id, found_on);
CREATE INDEX diversions_person ON diversions (person_id);
CREATE INDEX diversions_product ON diversions (product_id);

-- +goose Down
SELECT 1;
