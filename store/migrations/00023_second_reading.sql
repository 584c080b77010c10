-- What a second reading of the business added to deals, visits, accounts and people.

-- +goose Up
CREATE TABLE competitors (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  name TEXT NOT NULL,
  search TEXT NOT NULL DEFAULT '',
  strengths TEXT NOT NULL DEFAULT '',
  weaknesses TEXT NOT NULL DEFAULT '',
  price_level TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL DEFAULT 'active',
  created_at BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX competitors_search ON competitors (search, id);
CREATE INDEX competitors_created ON competitors (created_at);

CREATE TABLE visit_steps (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  visit_id TEXT NOT NULL REFERENCES visits (id),
  step TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX visit_steps_visit ON visit_steps (visit_id, step);

CREATE TABLE joint_visits (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  visit_id TEXT NOT NULL REFERENCES visits (id),
  person_id TEXT NOT NULL REFERENCES people (id),
  with_id TEXT NOT NULL REFERENCES people (id),
  coaching TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL DEFAULT 'made',
  created_at BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX joint_visits_visit ON joint_visits (visit_id, with_id);
CREATE INDEX joint_visits_person ON joint_visits (person_id, id);
CREATE INDEX joint_visits_with ON joint_visits (with_id, id);
CREATE INDEX joint_visits_created ON joint_visits (created_at);

CREATE TABLE verifications (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  store_id TEXT NOT NULL DEFAULT '',
  fact TEXT NOT NULL,
  digest TEXT NOT NULL,
  on_day TEXT NOT NULL,
  person_id TEXT NOT NULL REFERENCES people (id),
  how TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX verifications_fact ON verifications (account_id, store_id, fact);
CREATE INDEX verifications_created ON verifications (created_at);

-- Minutes of visits by month (its first day): what is summed up at night, for figures of a
-- year, and up to which day.
CREATE TABLE visit_hours (
  month TEXT NOT NULL,
  account_id TEXT NOT NULL,
  person_id TEXT NOT NULL,
  minutes BIGINT NOT NULL,
  PRIMARY KEY (month, account_id, person_id)
);
CREATE TABLE visit_months (
  month TEXT PRIMARY KEY,
  until TEXT NOT NULL
);
CREATE INDEX expenses_spent ON expenses (spent_on) WHERE account_id <> '';

CREATE TABLE access_reviews (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  quarter TEXT NOT NULL,
  person_id TEXT NOT NULL REFERENCES people (id),
  reviewer_id TEXT NOT NULL REFERENCES people (id),
  roles TEXT NOT NULL DEFAULT '',
  territory TEXT NOT NULL DEFAULT '',
  answer TEXT NOT NULL DEFAULT 'open',
  note TEXT NOT NULL DEFAULT '',
  moved_at BIGINT NOT NULL DEFAULT 0,
  answered_at BIGINT NOT NULL DEFAULT 0,
  answered_by TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX access_reviews_person ON access_reviews (quarter, person_id);
CREATE INDEX access_reviews_open ON access_reviews (reviewer_id, created_at) WHERE answer = 'open';
CREATE INDEX access_reviews_reviewer ON access_reviews (quarter, reviewer_id);
CREATE INDEX access_reviews_late ON access_reviews (moved_at) WHERE answer = 'open';
CREATE INDEX access_reviews_created ON access_reviews (created_at);

-- +goose Down
SELECT 1;
