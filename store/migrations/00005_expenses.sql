-- What is spent on customers: budgets, requests, their shares and vouchers.

-- +goose Up
CREATE TABLE budgets (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  period TEXT NOT NULL,
  category TEXT NOT NULL,
  account_id TEXT NOT NULL DEFAULT '',
  territory TEXT NOT NULL DEFAULT '',
  department TEXT NOT NULL DEFAULT '',
  brand TEXT NOT NULL DEFAULT '',
  amount BIGINT NOT NULL CHECK (amount >= 0),
  status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'withdrawn')),
  created_at BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX budgets_one ON budgets (period, category, account_id, territory, department, brand) WHERE status = 'active';
CREATE INDEX budgets_account ON budgets (account_id) WHERE account_id <> '';

CREATE TABLE expenses (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  number TEXT NOT NULL,
  seq BIGINT NOT NULL DEFAULT 0,
  person_id TEXT NOT NULL REFERENCES people (id),
  account_id TEXT NOT NULL DEFAULT '',
  category TEXT NOT NULL,
  purpose TEXT NOT NULL,
  amount BIGINT NOT NULL CHECK (amount > 0),
  spent_on TEXT NOT NULL,
  pay_kind TEXT NOT NULL DEFAULT '',
  promo_code TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL CHECK (status IN ('draft', 'submitted', 'approved', 'refused', 'spent', 'clearing', 'cleared', 'settled', 'cancelled', 'undone')),
  passed BOOLEAN NOT NULL DEFAULT FALSE,
  cleared BIGINT NOT NULL DEFAULT 0,
  vouchers BIGINT NOT NULL DEFAULT 0,
  over BIGINT NOT NULL DEFAULT 0,
  special BOOLEAN NOT NULL DEFAULT FALSE,
  doubted BOOLEAN NOT NULL DEFAULT FALSE,
  created_at BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX expenses_number ON expenses (number);
CREATE UNIQUE INDEX expenses_seq ON expenses (seq) WHERE seq > 0;
CREATE INDEX expenses_person ON expenses (person_id, status, created_at);
CREATE INDEX expenses_same ON expenses (person_id, spent_on, amount);
CREATE INDEX expenses_account ON expenses (account_id, created_at) WHERE account_id <> '';
CREATE INDEX expenses_status ON expenses (status, created_at);

CREATE TABLE expense_shares (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  expense_id TEXT NOT NULL REFERENCES expenses (id),
  budget_id TEXT NOT NULL REFERENCES budgets (id),
  percent BIGINT NOT NULL CHECK (percent BETWEEN 1 AND 100),
  amount BIGINT NOT NULL DEFAULT 0, -- of what the expense draws now; derived
  created_at BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX expense_shares_one ON expense_shares (expense_id, budget_id);
CREATE INDEX expense_shares_budget ON expense_shares (budget_id, amount);

CREATE TABLE vouchers (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  expense_id TEXT NOT NULL REFERENCES expenses (id),
  number TEXT NOT NULL,
  amount BIGINT NOT NULL CHECK (amount > 0),
  dated_on TEXT NOT NULL DEFAULT '',
  photos TEXT NOT NULL DEFAULT '',
  again BOOLEAN NOT NULL DEFAULT FALSE,
  status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'withdrawn')),
  created_at BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX vouchers_number ON vouchers (number) WHERE status = 'active';
CREATE INDEX vouchers_expense ON vouchers (expense_id);

-- +goose Down
SELECT 1;
