-- What is agreed about money, what customers owe, and what settles it.

-- +goose Up
CREATE TABLE terms (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  invoice_mode TEXT NOT NULL,
  rule TEXT NOT NULL,
  days BIGINT NOT NULL DEFAULT 0 CHECK (days >= 0),
  grade_days BIGINT NOT NULL DEFAULT 0,
  statement_day BIGINT NOT NULL DEFAULT 0,
  invoice_by_day BIGINT NOT NULL DEFAULT 0,
  payment_day BIGINT NOT NULL DEFAULT 0,
  cover_days BIGINT NOT NULL DEFAULT 14,
  lead_days BIGINT NOT NULL DEFAULT 3,
  share_target BIGINT NOT NULL DEFAULT 30,
  procedure TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL CHECK (status IN ('active', 'undone')),
  created_at BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX terms_account ON terms (account_id) WHERE status = 'active';

CREATE TABLE invoices (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  number TEXT NOT NULL,
  seq BIGINT NOT NULL DEFAULT 0,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  store_id TEXT NOT NULL DEFAULT '',
  owner_id TEXT NOT NULL DEFAULT '',
  order_number TEXT NOT NULL DEFAULT '',
  receipt_numbers TEXT NOT NULL DEFAULT '',
  kind TEXT NOT NULL CHECK (kind IN ('invoice', 'red_letter')),
  corrects TEXT NOT NULL DEFAULT '',
  goods_back BOOLEAN NOT NULL DEFAULT FALSE,
  issued_on TEXT NOT NULL DEFAULT '',
  due_on TEXT NOT NULL DEFAULT '',
  instalments TEXT NOT NULL DEFAULT '',
  amount BIGINT NOT NULL,
  lines TEXT NOT NULL DEFAULT '[]',
  status TEXT NOT NULL CHECK (status IN ('requested', 'issued', 'part_paid', 'paid', 'bad_debt', 'dropped', 'undone')),
  disputed BOOLEAN NOT NULL DEFAULT FALSE,
  reason TEXT NOT NULL DEFAULT '',
  collector_id TEXT NOT NULL DEFAULT '',
  pay_by TEXT NOT NULL DEFAULT '',
  lost_on TEXT NOT NULL DEFAULT '',
  paid BIGINT NOT NULL DEFAULT 0,
  deducted BIGINT NOT NULL DEFAULT 0,
  settled BIGINT NOT NULL DEFAULT 0,
  last_on TEXT NOT NULL DEFAULT '',
  settled_on TEXT NOT NULL DEFAULT '9999-12-31',
  next_due_on TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX invoices_number ON invoices (number) WHERE status <> 'undone';
CREATE INDEX invoices_seq ON invoices (seq) WHERE seq > 0;
-- Ageing reads a hundred thousand rows at once: these hold all that it asks for, since
-- looking each row up takes twenty times as long.
CREATE INDEX invoices_account ON invoices (account_id, settled_on, issued_on, kind, instalments, status, due_on, amount, settled, last_on, disputed);
CREATE INDEX invoices_open ON invoices (settled_on, issued_on, kind, instalments, status, account_id, due_on, amount, settled, last_on, disputed);
CREATE INDEX invoices_issued ON invoices (issued_on, status, account_id, amount);
CREATE INDEX invoices_sales ON invoices (account_id, issued_on, status, amount);
CREATE INDEX invoices_status ON invoices (status) WHERE status = 'requested';
CREATE INDEX invoices_due ON invoices (next_due_on, account_id) WHERE next_due_on <> '';
CREATE INDEX invoices_corrects ON invoices (corrects) WHERE corrects <> '';
CREATE INDEX invoices_order ON invoices (order_number) WHERE order_number <> '';
CREATE INDEX invoices_owner ON invoices (owner_id, status);
CREATE INDEX invoices_collector ON invoices (collector_id) WHERE collector_id <> '';

CREATE TABLE payments (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  number TEXT NOT NULL,
  seq BIGINT NOT NULL DEFAULT 0,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  paid_on TEXT NOT NULL,
  amount BIGINT NOT NULL CHECK (amount > 0),
  method TEXT NOT NULL DEFAULT '',
  reference TEXT NOT NULL DEFAULT '',
  allocations TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL CHECK (status IN ('received', 'taken_back', 'undone')),
  used BIGINT NOT NULL DEFAULT 0,
  last_on TEXT NOT NULL DEFAULT '',
  used_up_on TEXT NOT NULL DEFAULT '9999-12-31',
  created_at BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX payments_number ON payments (account_id, number) WHERE status <> 'undone';
CREATE INDEX payments_by_number ON payments (number);
CREATE INDEX payments_seq ON payments (seq) WHERE seq > 0;
CREATE INDEX payments_account ON payments (account_id, paid_on);
CREATE INDEX payments_unused ON payments (used_up_on, paid_on);

-- What claims to settle an invoice, and how far it does.
CREATE TABLE settlements (
  id TEXT PRIMARY KEY,
  source TEXT NOT NULL CHECK (source IN ('payment', 'deduction', 'red_letter', 'loss')),
  source_id TEXT NOT NULL,
  name TEXT NOT NULL,
  invoice_id TEXT NOT NULL REFERENCES invoices (id),
  on_day TEXT NOT NULL,
  told BIGINT NOT NULL,
  amount BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX settlements_invoice ON settlements (invoice_id, on_day);
CREATE INDEX settlements_source ON settlements (source_id);

CREATE TABLE deductions (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  number TEXT NOT NULL,
  seq BIGINT NOT NULL DEFAULT 0,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  payment_id TEXT NOT NULL REFERENCES payments (id),
  invoice_id TEXT NOT NULL REFERENCES invoices (id),
  owner_id TEXT NOT NULL DEFAULT '',
  deducted_on TEXT NOT NULL,
  amount BIGINT NOT NULL CHECK (amount > 0),
  reason TEXT NOT NULL DEFAULT '',
  expense_number TEXT NOT NULL DEFAULT '',
  contract_item TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL CHECK (status IN ('open', 'matched', 'disputed', 'refused', 'asked', 'written_off', 'undone')),
  created_at BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX deductions_number ON deductions (number) WHERE status <> 'undone';
CREATE INDEX deductions_seq ON deductions (seq) WHERE seq > 0;
CREATE INDEX deductions_account ON deductions (account_id, status);
CREATE INDEX deductions_payment ON deductions (payment_id);
CREATE INDEX deductions_invoice ON deductions (invoice_id);
CREATE INDEX deductions_owner ON deductions (owner_id, status);

CREATE TABLE promises (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  invoice_id TEXT NOT NULL DEFAULT '',
  person_id TEXT NOT NULL REFERENCES people (id),
  promised_on TEXT NOT NULL,
  made_on TEXT NOT NULL,
  amount BIGINT NOT NULL CHECK (amount > 0),
  who TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL CHECK (status IN ('open', 'kept', 'broken', 'undone')),
  created_at BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX promises_account ON promises (account_id, promised_on);
CREATE INDEX promises_open ON promises (promised_on) WHERE status = 'open';
CREATE INDEX promises_person ON promises (person_id, status);

-- +goose Down
SELECT 1;
