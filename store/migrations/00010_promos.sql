-- Promotions, and what each store did of them.

-- +goose Up
CREATE TABLE promos (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  code TEXT NOT NULL,
  seq BIGINT NOT NULL DEFAULT 0,
  name TEXT NOT NULL,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  owner_id TEXT NOT NULL REFERENCES people (id),
  product_codes TEXT NOT NULL DEFAULT '',
  mechanics TEXT NOT NULL DEFAULT '',
  starts_on TEXT NOT NULL,
  ends_on TEXT NOT NULL,
  promo_price BIGINT NOT NULL DEFAULT 0 CHECK (promo_price >= 0),
  display TEXT NOT NULL DEFAULT '',
  gifts_per_store BIGINT NOT NULL DEFAULT 0 CHECK (gifts_per_store >= 0),
  fee BIGINT NOT NULL DEFAULT 0 CHECK (fee >= 0),
  fee_payer TEXT NOT NULL DEFAULT '',
  forecast_units BIGINT NOT NULL DEFAULT 0,
  uplift_factor TEXT NOT NULL DEFAULT '',
  local_owners TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL CHECK (status IN ('draft', 'submitted', 'approved', 'rejected', 'confirmed', 'running', 'verified', 'settled', 'cancelled', 'undone')),
  reason TEXT NOT NULL DEFAULT '',
  agreed_by_owner TEXT NOT NULL DEFAULT '',
  agreed_by_local TEXT NOT NULL DEFAULT '',
  stores BIGINT NOT NULL DEFAULT 0,
  unagreed BIGINT NOT NULL DEFAULT 0,
  unreported BIGINT NOT NULL DEFAULT 0,
  open_claims BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX promos_code ON promos (code) WHERE status <> 'undone';
CREATE INDEX promos_account ON promos (account_id, starts_on);
CREATE INDEX promos_status ON promos (status, starts_on);
CREATE INDEX promos_owner ON promos (owner_id, status);

CREATE TABLE promo_executions (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  promo_id TEXT NOT NULL REFERENCES promos (id),
  store_id TEXT NOT NULL REFERENCES stores (id),
  account_id TEXT NOT NULL,
  local_id TEXT NOT NULL DEFAULT '',
  agreed_with TEXT NOT NULL DEFAULT '',
  agreed_by TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL CHECK (status IN ('planned', 'executed', 'partly', 'not_executed', 'unverified', 'dropped')),
  points_met TEXT NOT NULL DEFAULT '',
  points_missed TEXT NOT NULL DEFAULT '',
  reason TEXT NOT NULL DEFAULT '',
  photos TEXT NOT NULL DEFAULT '',
  again BOOLEAN NOT NULL DEFAULT FALSE,
  reported_by TEXT NOT NULL DEFAULT '',
  reported_on TEXT NOT NULL DEFAULT '',
  reported_at BIGINT NOT NULL DEFAULT 0,
  late BOOLEAN NOT NULL DEFAULT FALSE,
  checked_by TEXT NOT NULL DEFAULT '',
  fee BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX promo_executions_promo ON promo_executions (promo_id, store_id);
CREATE INDEX promo_executions_store ON promo_executions (store_id, status);
CREATE INDEX promo_executions_account ON promo_executions (account_id);
CREATE INDEX promo_executions_local ON promo_executions (local_id, status) WHERE local_id <> '';

CREATE TABLE promo_claims (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  promo_id TEXT NOT NULL REFERENCES promos (id),
  account_id TEXT NOT NULL,
  owner_id TEXT NOT NULL REFERENCES people (id),
  claim_kind TEXT NOT NULL,
  amount BIGINT NOT NULL CHECK (amount > 0),
  reason TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL CHECK (status IN ('asked', 'agreed', 'refused', 'undone')),
  created_at BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX promo_claims_promo ON promo_claims (promo_id, created_at);
CREATE INDEX promo_claims_account ON promo_claims (account_id);
CREATE INDEX promo_claims_owner ON promo_claims (owner_id, status);

-- +goose Down
SELECT 1;
