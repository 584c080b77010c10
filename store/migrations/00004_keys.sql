-- Foreign keys of what came after the first migration, which has its own. Only
-- columns that are never empty can have one: '' stands for none. SQLite adds a
-- key to a table only by making the table anew. Approvals keep who asked first in
-- a chain, and why somebody said no.

-- +goose Up

CREATE TABLE approvals_new (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  args TEXT NOT NULL DEFAULT '',
  asked_by TEXT NOT NULL REFERENCES people (id),
  approver_id TEXT NOT NULL REFERENCES people (id),
  status TEXT NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'approved', 'rejected', 'expired', 'withdrawn')),
  note TEXT NOT NULL DEFAULT '',
  decided_by TEXT NOT NULL DEFAULT '',
  asked_at BIGINT NOT NULL DEFAULT 0,
  moved_at BIGINT NOT NULL DEFAULT 0,
  decided_at BIGINT NOT NULL DEFAULT 0,
  first_by TEXT NOT NULL DEFAULT '',
  reason TEXT NOT NULL DEFAULT ''
);
INSERT INTO approvals_new (id, version, kind, subject, args, asked_by, approver_id, status, note, decided_by, asked_at, moved_at, decided_at)
  SELECT id, version, kind, subject, args, asked_by, approver_id, status, note, decided_by, asked_at, moved_at, decided_at FROM approvals;
DROP TABLE approvals;
ALTER TABLE approvals_new RENAME TO approvals;
CREATE INDEX approvals_approver ON approvals (approver_id, asked_at) WHERE status = 'waiting';
CREATE INDEX approvals_moved ON approvals (moved_at) WHERE status = 'waiting';
CREATE INDEX approvals_subject ON approvals (kind, subject);

UPDATE approvals SET first_by = asked_by;

CREATE TABLE deals_new (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  number TEXT NOT NULL,
  seq BIGINT NOT NULL DEFAULT 0,
  title TEXT NOT NULL,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  size TEXT NOT NULL DEFAULT '',
  stage TEXT NOT NULL,
  status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'won', 'lost', 'stalled', 'cancelled')),
  value BIGINT NOT NULL DEFAULT 0 CHECK (value >= 0),
  expected_close_on TEXT NOT NULL DEFAULT '',
  owner_id TEXT NOT NULL DEFAULT '',
  holder_id TEXT NOT NULL DEFAULT '',
  source TEXT NOT NULL DEFAULT '',
  products TEXT NOT NULL DEFAULT '',
  competitors TEXT NOT NULL DEFAULT '',
  next_step TEXT NOT NULL DEFAULT '',
  next_due TEXT NOT NULL DEFAULT '',
  entered_stage_at BIGINT NOT NULL DEFAULT 0,
  overridden BOOLEAN NOT NULL DEFAULT FALSE,
  end_reason TEXT NOT NULL DEFAULT '',
  lost_to TEXT NOT NULL DEFAULT '',
  end_note TEXT NOT NULL DEFAULT '',
  wake_on TEXT NOT NULL DEFAULT '',
  repeat_of TEXT NOT NULL DEFAULT '',
  search TEXT NOT NULL DEFAULT '',
  contacts BIGINT NOT NULL DEFAULT 0, -- how many of the customer's people are in it; derived
  created_at BIGINT NOT NULL DEFAULT 0,
  closed_at BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL DEFAULT 0
);
INSERT INTO deals_new (id, version, number, seq, title, account_id, size, stage, status, value, expected_close_on, owner_id, holder_id, source, products, competitors, next_step, next_due, entered_stage_at, overridden, end_reason, lost_to, end_note, wake_on, repeat_of, search, contacts, created_at, closed_at, updated_at)
  SELECT id, version, number, seq, title, account_id, size, stage, status, value, expected_close_on, owner_id, holder_id, source, products, competitors, next_step, next_due, entered_stage_at, overridden, end_reason, lost_to, end_note, wake_on, repeat_of, search, contacts, created_at, closed_at, updated_at FROM deals;
DROP TABLE deals;
ALTER TABLE deals_new RENAME TO deals;
CREATE UNIQUE INDEX deals_number ON deals (number);
CREATE UNIQUE INDEX deals_seq ON deals (seq) WHERE seq > 0;
CREATE INDEX deals_owner ON deals (owner_id, status, stage);
CREATE INDEX deals_holder ON deals (holder_id) WHERE status IN ('open', 'stalled');
CREATE INDEX deals_account ON deals (account_id, status);
CREATE INDEX deals_created ON deals (created_at);
CREATE INDEX deals_search ON deals (search, status, id);
-- The figures of the whole company are read from these alone; no other index
-- may begin with the status, or SQLite takes that one.
CREATE INDEX deals_open ON deals (stage, expected_close_on, value, entered_stage_at, contacts, next_step) WHERE status = 'open';
CREATE INDEX deals_closed ON deals (closed_at, status, end_reason, lost_to, value, created_at) WHERE closed_at > 0;

CREATE TABLE deal_products_new (
  product TEXT NOT NULL,
  deal_id TEXT NOT NULL REFERENCES deals (id),
  PRIMARY KEY (product, deal_id)
);
INSERT INTO deal_products_new (product, deal_id)
  SELECT product, deal_id FROM deal_products;
DROP TABLE deal_products;
ALTER TABLE deal_products_new RENAME TO deal_products;
CREATE INDEX deal_products_deal ON deal_products (deal_id);

CREATE TABLE deal_history_new (
  id TEXT PRIMARY KEY,
  deal_id TEXT NOT NULL REFERENCES deals (id),
  at BIGINT NOT NULL,
  from_stage TEXT NOT NULL DEFAULT '',
  to_stage TEXT NOT NULL,
  how TEXT NOT NULL CHECK (how IN ('gate', 'override', 'start', 'restore', 'back', 'import', 'end')),
  by_id TEXT NOT NULL DEFAULT '',
  reason TEXT NOT NULL DEFAULT '',
  stayed BIGINT NOT NULL DEFAULT 0,
  undone BOOLEAN NOT NULL DEFAULT FALSE
);
INSERT INTO deal_history_new (id, deal_id, at, from_stage, to_stage, how, by_id, reason, stayed, undone)
  SELECT id, deal_id, at, from_stage, to_stage, how, by_id, reason, stayed, undone FROM deal_history;
DROP TABLE deal_history;
ALTER TABLE deal_history_new RENAME TO deal_history;
CREATE UNIQUE INDEX deal_history_deal ON deal_history (deal_id, at);
CREATE INDEX deal_history_span ON deal_history (at, from_stage, to_stage, stayed, undone);
CREATE INDEX deal_history_pace ON deal_history (from_stage, at, stayed, undone);

CREATE TABLE deal_ticks_new (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  deal_id TEXT NOT NULL REFERENCES deals (id),
  criterion TEXT NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  proof TEXT NOT NULL DEFAULT '',
  photos TEXT NOT NULL DEFAULT '',
  on_day TEXT NOT NULL,
  by_id TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'withdrawn')),
  created_at BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL DEFAULT 0
);
INSERT INTO deal_ticks_new (id, version, deal_id, criterion, note, proof, photos, on_day, by_id, status, created_at, updated_at)
  SELECT id, version, deal_id, criterion, note, proof, photos, on_day, by_id, status, created_at, updated_at FROM deal_ticks;
DROP TABLE deal_ticks;
ALTER TABLE deal_ticks_new RENAME TO deal_ticks;
CREATE UNIQUE INDEX deal_ticks_one ON deal_ticks (deal_id, criterion) WHERE status = 'active';

CREATE TABLE deal_people_new (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  deal_id TEXT NOT NULL REFERENCES deals (id),
  person_id TEXT NOT NULL REFERENCES people (id),
  status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'withdrawn')),
  created_at BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL DEFAULT 0
);
INSERT INTO deal_people_new (id, version, deal_id, person_id, status, created_at, updated_at)
  SELECT id, version, deal_id, person_id, status, created_at, updated_at FROM deal_people;
DROP TABLE deal_people;
ALTER TABLE deal_people_new RENAME TO deal_people;
CREATE UNIQUE INDEX deal_people_one ON deal_people (deal_id, person_id);
CREATE INDEX deal_people_person ON deal_people (person_id, status, deal_id);

CREATE TABLE deal_contacts_new (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  deal_id TEXT NOT NULL REFERENCES deals (id),
  contact_id TEXT NOT NULL REFERENCES contacts (id),
  name TEXT NOT NULL,
  buying_role TEXT NOT NULL DEFAULT '',
  attitude TEXT NOT NULL DEFAULT '',
  weight BIGINT NOT NULL DEFAULT 0,
  status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'withdrawn')),
  created_at BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL DEFAULT 0
);
INSERT INTO deal_contacts_new (id, version, deal_id, contact_id, name, buying_role, attitude, weight, status, created_at, updated_at)
  SELECT id, version, deal_id, contact_id, name, buying_role, attitude, weight, status, created_at, updated_at FROM deal_contacts;
DROP TABLE deal_contacts;
ALTER TABLE deal_contacts_new RENAME TO deal_contacts;
CREATE UNIQUE INDEX deal_contacts_one ON deal_contacts (deal_id, contact_id);

CREATE TABLE deal_sheets_new (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  deal_id TEXT NOT NULL REFERENCES deals (id),
  target TEXT NOT NULL DEFAULT '',
  floor TEXT NOT NULL DEFAULT '',
  trades TEXT NOT NULL DEFAULT '',
  deadline TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL DEFAULT 0
);
INSERT INTO deal_sheets_new (id, version, deal_id, target, floor, trades, deadline, created_at, updated_at)
  SELECT id, version, deal_id, target, floor, trades, deadline, created_at, updated_at FROM deal_sheets;
DROP TABLE deal_sheets;
ALTER TABLE deal_sheets_new RENAME TO deal_sheets;
CREATE UNIQUE INDEX deal_sheets_deal ON deal_sheets (deal_id);

CREATE TABLE deal_rounds_new (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  deal_id TEXT NOT NULL REFERENCES deals (id),
  at BIGINT NOT NULL,
  ours TEXT NOT NULL DEFAULT '',
  theirs TEXT NOT NULL DEFAULT '',
  by_id TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'withdrawn')),
  created_at BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL DEFAULT 0
);
INSERT INTO deal_rounds_new (id, version, deal_id, at, ours, theirs, by_id, status, created_at, updated_at)
  SELECT id, version, deal_id, at, ours, theirs, by_id, status, created_at, updated_at FROM deal_rounds;
DROP TABLE deal_rounds;
ALTER TABLE deal_rounds_new RENAME TO deal_rounds;
CREATE INDEX deal_rounds_deal ON deal_rounds (deal_id, at);

CREATE TABLE cases_new (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  store_id TEXT NOT NULL DEFAULT '',
  account_id TEXT NOT NULL DEFAULT '',
  text TEXT NOT NULL,
  answers TEXT NOT NULL DEFAULT '',
  asked_by TEXT NOT NULL REFERENCES people (id),
  status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'solved', 'cancelled')),
  search TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL DEFAULT 0
);
INSERT INTO cases_new (id, version, store_id, account_id, text, answers, asked_by, status, search, created_at, updated_at)
  SELECT id, version, store_id, account_id, text, answers, asked_by, status, search, created_at, updated_at FROM cases;
DROP TABLE cases;
ALTER TABLE cases_new RENAME TO cases;
CREATE INDEX cases_created ON cases (created_at);
CREATE INDEX cases_store ON cases (store_id);
CREATE INDEX cases_account ON cases (account_id);

-- +goose Down
SELECT 1;
