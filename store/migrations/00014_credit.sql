-- How far customers are trusted, and what speaks against it.

-- +goose Up
CREATE TABLE credits (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  grade TEXT NOT NULL CHECK (grade IN ('', 'A', 'B', 'C', 'D')),
  credit_limit BIGINT NOT NULL DEFAULT 0 CHECK (credit_limit >= 0),
  days BIGINT NOT NULL DEFAULT 0,
  hold BOOLEAN NOT NULL DEFAULT FALSE,
  hold_since TEXT NOT NULL DEFAULT '',
  reason TEXT NOT NULL DEFAULT '',
  release_until TEXT NOT NULL DEFAULT '',
  spared_until TEXT NOT NULL DEFAULT '',
  asked_grade TEXT NOT NULL DEFAULT '',
  facts TEXT NOT NULL DEFAULT '',
  owner_id TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL CHECK (status IN ('settled', 'asked', 'pleading', 'undone')),
  created_at BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX credits_account ON credits (account_id) WHERE status <> 'undone';
CREATE INDEX credits_hold ON credits (account_id) WHERE hold;
CREATE INDEX credits_owner ON credits (owner_id, status);

CREATE TABLE credit_breaches (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  breach TEXT NOT NULL,
  happened_on TEXT NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  person_id TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL CHECK (status IN ('noted', 'undone')),
  created_at BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX credit_breaches_account ON credit_breaches (account_id, happened_on);

-- +goose Down
SELECT 1;
