-- Deals: the funnel, what opens its gates, the people in a deal, negotiation
-- sheets that only its team reads, and history that is never rewritten.

-- +goose Up
CREATE TABLE deals (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  number TEXT NOT NULL,
  seq BIGINT NOT NULL DEFAULT 0,
  title TEXT NOT NULL,
  account_id TEXT NOT NULL,
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

-- Products by name, to narrow figures by.
CREATE TABLE deal_products (
  product TEXT NOT NULL,
  deal_id TEXT NOT NULL,
  PRIMARY KEY (product, deal_id)
);
CREATE INDEX deal_products_deal ON deal_products (deal_id);

CREATE TABLE deal_history (
  id TEXT PRIMARY KEY,
  deal_id TEXT NOT NULL,
  at BIGINT NOT NULL,
  from_stage TEXT NOT NULL DEFAULT '',
  to_stage TEXT NOT NULL,
  how TEXT NOT NULL CHECK (how IN ('gate', 'override', 'start', 'restore', 'back', 'import', 'end')),
  by_id TEXT NOT NULL DEFAULT '',
  reason TEXT NOT NULL DEFAULT '',
  stayed BIGINT NOT NULL DEFAULT 0,
  undone BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE UNIQUE INDEX deal_history_deal ON deal_history (deal_id, at);
CREATE INDEX deal_history_span ON deal_history (at, from_stage, to_stage, stayed, undone);
CREATE INDEX deal_history_pace ON deal_history (from_stage, at, stayed, undone);

CREATE TABLE deal_ticks (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  deal_id TEXT NOT NULL,
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
CREATE UNIQUE INDEX deal_ticks_one ON deal_ticks (deal_id, criterion) WHERE status = 'active';

CREATE TABLE deal_people (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  deal_id TEXT NOT NULL,
  person_id TEXT NOT NULL,
  status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'withdrawn')),
  created_at BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX deal_people_one ON deal_people (deal_id, person_id);
CREATE INDEX deal_people_person ON deal_people (person_id, status, deal_id);

CREATE TABLE deal_contacts (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  deal_id TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  name TEXT NOT NULL,
  buying_role TEXT NOT NULL DEFAULT '',
  attitude TEXT NOT NULL DEFAULT '',
  weight BIGINT NOT NULL DEFAULT 0,
  status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'withdrawn')),
  created_at BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX deal_contacts_one ON deal_contacts (deal_id, contact_id);

CREATE TABLE deal_sheets (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  deal_id TEXT NOT NULL,
  target TEXT NOT NULL DEFAULT '',
  floor TEXT NOT NULL DEFAULT '',
  trades TEXT NOT NULL DEFAULT '',
  deadline TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX deal_sheets_deal ON deal_sheets (deal_id);

CREATE TABLE deal_rounds (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  deal_id TEXT NOT NULL,
  at BIGINT NOT NULL,
  ours TEXT NOT NULL DEFAULT '',
  theirs TEXT NOT NULL DEFAULT '',
  by_id TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'withdrawn')),
  created_at BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX deal_rounds_deal ON deal_rounds (deal_id, at);

-- +goose Down
SELECT 1;
