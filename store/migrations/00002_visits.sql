-- Visits whole: check-in and check-out, week plans, follow-ups, approvals,
-- the figures of a tier, photos seen before, leases among daemons.

-- +goose Up
ALTER TABLE visits ADD COLUMN appointment BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE visits ADD COLUMN prepared BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE visits ADD COLUMN ordered BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE visits ADD COLUMN entry TEXT NOT NULL DEFAULT '';
CREATE INDEX visits_entry ON visits (entry) WHERE entry <> '';
CREATE UNIQUE INDEX visits_open ON visits (person_id) WHERE status = 'checked_in';
CREATE INDEX visits_left_open ON visits (started_at) WHERE status = 'checked_in';
CREATE INDEX visits_planned ON visits (person_id, planned_for) WHERE status = 'planned';
CREATE INDEX visits_day ON visits (visited_on, person_id);
DROP INDEX visits_next;
CREATE INDEX visits_next ON visits (person_id, next_visit_on) WHERE next_visit_on <> '';

ALTER TABLE accounts ADD COLUMN revenue BIGINT NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN margin BIGINT NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN potential BIGINT NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN customer_since TEXT NOT NULL DEFAULT '';
CREATE INDEX accounts_tier ON accounts (tier, revenue) WHERE revenue > 0;

-- A search over the whole company reads these alone.
CREATE INDEX stores_search ON stores (status, search, id);
CREATE INDEX accounts_search ON accounts (status, search, id);

CREATE TABLE follow_ups (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  kind TEXT NOT NULL CHECK (kind IN ('task', 'step', 'need', 'problem', 'commitment')),
  store_id TEXT NOT NULL DEFAULT '',
  account_id TEXT NOT NULL DEFAULT '',
  text TEXT NOT NULL,
  department TEXT NOT NULL DEFAULT '',
  owner_id TEXT NOT NULL DEFAULT '',
  due_on TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'done', 'cancelled')),
  from_visit TEXT NOT NULL DEFAULT '',
  comments TEXT NOT NULL DEFAULT '',
  opened_by TEXT NOT NULL DEFAULT '',
  opened_at BIGINT NOT NULL DEFAULT 0,
  closed_by TEXT NOT NULL DEFAULT '',
  closed_at BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX follow_ups_owner ON follow_ups (owner_id, due_on) WHERE status = 'open';
CREATE INDEX follow_ups_opener ON follow_ups (opened_by, due_on) WHERE status = 'open';
CREATE INDEX follow_ups_place ON follow_ups (account_id, store_id, status);
CREATE INDEX follow_ups_store ON follow_ups (store_id);
CREATE INDEX follow_ups_visit ON follow_ups (from_visit);
CREATE INDEX follow_ups_opened ON follow_ups (opened_at);

CREATE TABLE approvals (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  args TEXT NOT NULL DEFAULT '',
  asked_by TEXT NOT NULL,
  approver_id TEXT NOT NULL,
  status TEXT NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'approved', 'rejected', 'expired')),
  note TEXT NOT NULL DEFAULT '',
  decided_by TEXT NOT NULL DEFAULT '',
  asked_at BIGINT NOT NULL DEFAULT 0,
  moved_at BIGINT NOT NULL DEFAULT 0,
  decided_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX approvals_approver ON approvals (approver_id, asked_at) WHERE status = 'waiting';
CREATE INDEX approvals_moved ON approvals (moved_at) WHERE status = 'waiting';
CREATE INDEX approvals_subject ON approvals (kind, subject);

-- Questions to colleagues (求援), with the answers that were given.
CREATE TABLE cases (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  store_id TEXT NOT NULL DEFAULT '',
  account_id TEXT NOT NULL DEFAULT '',
  text TEXT NOT NULL,
  answers TEXT NOT NULL DEFAULT '',
  asked_by TEXT NOT NULL,
  status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'solved', 'cancelled')),
  search TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX cases_created ON cases (created_at);
CREATE INDEX cases_store ON cases (store_id);
CREATE INDEX cases_account ON cases (account_id);

-- The perceptual hash in four bands of 16 bits: two hashes that differ in at
-- most three bits share a band. -1: none.
ALTER TABLE photos ADD COLUMN look BIGINT NOT NULL DEFAULT 0;
ALTER TABLE photos ADD COLUMN band1 BIGINT NOT NULL DEFAULT -1;
ALTER TABLE photos ADD COLUMN band2 BIGINT NOT NULL DEFAULT -1;
ALTER TABLE photos ADD COLUMN band3 BIGINT NOT NULL DEFAULT -1;
ALTER TABLE photos ADD COLUMN band4 BIGINT NOT NULL DEFAULT -1;
CREATE INDEX photos_band1 ON photos (band1) WHERE band1 >= 0;
CREATE INDEX photos_band2 ON photos (band2) WHERE band2 >= 0;
CREATE INDEX photos_band3 ON photos (band3) WHERE band3 >= 0;
CREATE INDEX photos_band4 ON photos (band4) WHERE band4 >= 0;

-- What one daemon of several does, until when.
CREATE TABLE leases (
  name TEXT PRIMARY KEY,
  holder TEXT NOT NULL,
  until BIGINT NOT NULL
);

-- +goose Down
SELECT 1;
