-- One text for SQLite and PostgreSQL. Ids are uuid v7 text made in Go,
-- instants unix milliseconds, days YYYY-MM-DD text, lists joined by ";".
-- Nothing is NULL: '' and 0 mean none.

-- +goose Up
CREATE TABLE people (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  handle TEXT NOT NULL UNIQUE,
  code TEXT NOT NULL DEFAULT '',
  name TEXT NOT NULL,
  roles TEXT NOT NULL DEFAULT '',
  territory TEXT NOT NULL DEFAULT '',
  reports_to TEXT NOT NULL DEFAULT '',
  dotted_to TEXT NOT NULL DEFAULT '',
  language TEXT NOT NULL DEFAULT '',
  timezone TEXT NOT NULL DEFAULT '',
  zone_known BOOLEAN NOT NULL DEFAULT FALSE,
  quiet TEXT NOT NULL DEFAULT '',
  notify TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'off')),
  search TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX people_reports_to ON people (reports_to);
CREATE INDEX people_code ON people (code);

CREATE TABLE identities (
  platform TEXT NOT NULL,
  external_id TEXT NOT NULL,
  person_id TEXT NOT NULL REFERENCES people (id),
  room TEXT NOT NULL DEFAULT '',
  seen_at BIGINT NOT NULL DEFAULT 0,
  blocked BOOLEAN NOT NULL DEFAULT FALSE,
  linked_at BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (platform, external_id)
);
CREATE INDEX identities_person ON identities (person_id);

CREATE TABLE link_codes (
  code TEXT PRIMARY KEY,
  person_id TEXT NOT NULL REFERENCES people (id),
  until BIGINT NOT NULL,
  used_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX link_codes_person ON link_codes (person_id);

CREATE TABLE strangers (
  platform TEXT NOT NULL,
  external_id TEXT NOT NULL,
  day TEXT NOT NULL,
  tries BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (day, platform, external_id)
);

CREATE TABLE absences (
  person_id TEXT NOT NULL REFERENCES people (id),
  from_day TEXT NOT NULL,
  to_day TEXT NOT NULL,
  deputy_id TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (person_id, from_day)
);

-- Every territory under each of its ancestors and itself.
CREATE TABLE territory_tree (
  ancestor TEXT NOT NULL,
  path TEXT NOT NULL,
  PRIMARY KEY (ancestor, path)
);

CREATE TABLE accounts (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  parent_id TEXT NOT NULL DEFAULT '',
  kind TEXT NOT NULL DEFAULT 'ordinary',
  reach TEXT NOT NULL DEFAULT '',
  tier TEXT NOT NULL DEFAULT '',
  size TEXT NOT NULL DEFAULT '',
  relation TEXT NOT NULL DEFAULT '',
  position TEXT NOT NULL DEFAULT '',
  settlement TEXT NOT NULL DEFAULT '',
  territory TEXT NOT NULL DEFAULT '',
  in_territory TEXT NOT NULL DEFAULT '',
  owner_id TEXT NOT NULL DEFAULT '',
  phone TEXT NOT NULL DEFAULT '',
  address TEXT NOT NULL DEFAULT '',
  city TEXT NOT NULL DEFAULT '',
  cadence_days BIGINT NOT NULL DEFAULT 0,
  profile TEXT NOT NULL DEFAULT '{}',
  status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'closed', 'merged')),
  merged_into TEXT NOT NULL DEFAULT '',
  search TEXT NOT NULL DEFAULT '',
  last_visit_on TEXT NOT NULL DEFAULT '',
  next_due_on TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX accounts_owner ON accounts (owner_id, status, next_due_on);
CREATE INDEX accounts_territory ON accounts (in_territory);
CREATE INDEX accounts_parent ON accounts (parent_id);
CREATE INDEX accounts_phone ON accounts (phone);

-- Every account under each of its ancestors and itself.
CREATE TABLE account_tree (
  ancestor_id TEXT NOT NULL,
  account_id TEXT NOT NULL,
  PRIMARY KEY (ancestor_id, account_id)
);
CREATE INDEX account_tree_account ON account_tree (account_id);

CREATE TABLE stores (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  format TEXT NOT NULL DEFAULT '',
  store_class TEXT NOT NULL DEFAULT '',
  territory TEXT NOT NULL DEFAULT '',
  in_territory TEXT NOT NULL DEFAULT '',
  rep_id TEXT NOT NULL DEFAULT '',
  address TEXT NOT NULL DEFAULT '',
  city TEXT NOT NULL DEFAULT '',
  latitude DOUBLE PRECISION NOT NULL DEFAULT 0,
  longitude DOUBLE PRECISION NOT NULL DEFAULT 0,
  phone TEXT NOT NULL DEFAULT '',
  cadence_days BIGINT NOT NULL DEFAULT 0,
  fence_metres BIGINT NOT NULL DEFAULT 0,
  delivery_mode TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'closed', 'merged')),
  merged_into TEXT NOT NULL DEFAULT '',
  search TEXT NOT NULL DEFAULT '',
  last_visit_on TEXT NOT NULL DEFAULT '',
  next_due_on TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX stores_rep ON stores (rep_id, status, next_due_on);
CREATE INDEX stores_account ON stores (account_id);
CREATE INDEX stores_territory ON stores (in_territory);
CREATE INDEX stores_latitude ON stores (latitude);
CREATE INDEX stores_phone ON stores (phone);

-- A promoter works in these stores.
CREATE TABLE store_people (
  person_id TEXT NOT NULL REFERENCES people (id),
  store_id TEXT NOT NULL REFERENCES stores (id),
  PRIMARY KEY (person_id, store_id)
);

CREATE TABLE contacts (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  store_id TEXT NOT NULL DEFAULT '',
  name TEXT NOT NULL,
  title TEXT NOT NULL DEFAULT '',
  department TEXT NOT NULL DEFAULT '',
  phone TEXT NOT NULL DEFAULT '',
  buying_role TEXT NOT NULL DEFAULT '',
  attitude TEXT NOT NULL DEFAULT '',
  weight BIGINT NOT NULL DEFAULT 0 CHECK (weight BETWEEN 0 AND 100),
  rapport BIGINT NOT NULL DEFAULT 0 CHECK (rapport BETWEEN 0 AND 6),
  rapport_on TEXT NOT NULL DEFAULT '',
  birthday TEXT NOT NULL DEFAULT '',
  preferences TEXT NOT NULL DEFAULT '',
  reports_to TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'closed', 'merged')),
  merged_into TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX contacts_name ON contacts (account_id, name) WHERE status = 'active';
CREATE INDEX contacts_store ON contacts (store_id);

CREATE TABLE visits (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  ref TEXT NOT NULL DEFAULT '',
  store_id TEXT NOT NULL DEFAULT '',
  account_id TEXT NOT NULL REFERENCES accounts (id),
  person_id TEXT NOT NULL REFERENCES people (id),
  planned_for TEXT NOT NULL DEFAULT '',
  visited_on TEXT NOT NULL DEFAULT '',
  started_at BIGINT NOT NULL DEFAULT 0,
  finished_at BIGINT NOT NULL DEFAULT 0,
  recorded_at BIGINT NOT NULL DEFAULT 0,
  presence TEXT NOT NULL DEFAULT 'unknown' CHECK (presence IN ('verified', 'claimed', 'outside', 'unknown')),
  distance_m BIGINT NOT NULL DEFAULT 0,
  location TEXT NOT NULL DEFAULT '',
  objectives TEXT NOT NULL DEFAULT '',
  met TEXT NOT NULL DEFAULT '',
  needs TEXT NOT NULL DEFAULT '',
  problems TEXT NOT NULL DEFAULT '',
  intent TEXT NOT NULL DEFAULT '',
  competitor_news TEXT NOT NULL DEFAULT '',
  next_step TEXT NOT NULL DEFAULT '',
  next_owner TEXT NOT NULL DEFAULT '',
  next_due TEXT NOT NULL DEFAULT '',
  next_visit_on TEXT NOT NULL DEFAULT '',
  satisfaction BIGINT NOT NULL DEFAULT 0 CHECK (satisfaction BETWEEN 0 AND 5),
  status TEXT NOT NULL CHECK (status IN ('planned', 'checked_in', 'done', 'missed', 'cancelled')),
  reason TEXT NOT NULL DEFAULT '',
  photos TEXT NOT NULL DEFAULT '',
  source TEXT NOT NULL DEFAULT '',
  late BOOLEAN NOT NULL DEFAULT FALSE,
  flags TEXT NOT NULL DEFAULT '',
  rating BIGINT NOT NULL DEFAULT 0 CHECK (rating BETWEEN 0 AND 5),
  created_at BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX visits_store ON visits (store_id, status, visited_on);
CREATE INDEX visits_account ON visits (account_id, store_id, status, visited_on);
CREATE INDEX visits_person ON visits (person_id, recorded_at);
CREATE UNIQUE INDEX visits_ref ON visits (ref) WHERE ref <> '';
CREATE INDEX visits_started ON visits (started_at);
CREATE INDEX visits_next ON visits (person_id, next_visit_on);

-- A photo waits here until it is fetched; then hash names its file.
CREATE TABLE photos (
  ref TEXT PRIMARY KEY,
  hash TEXT NOT NULL DEFAULT '',
  subject TEXT NOT NULL DEFAULT '',
  person_id TEXT NOT NULL DEFAULT '',
  size BIGINT NOT NULL DEFAULT 0,
  state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'stored', 'lost')),
  created_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX photos_hash ON photos (hash);
CREATE INDEX photos_state ON photos (state, created_at);

CREATE TABLE drafts (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  person_id TEXT NOT NULL REFERENCES people (id),
  platform TEXT NOT NULL,
  room TEXT NOT NULL,
  form TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'parked', 'saved', 'cancelled')),
  body TEXT NOT NULL,
  result TEXT NOT NULL DEFAULT '',
  updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX drafts_open ON drafts (person_id, platform, room) WHERE state = 'open';
CREATE INDEX drafts_person ON drafts (person_id, updated_at);
CREATE INDEX drafts_updated ON drafts (updated_at);

CREATE TABLE callbacks (
  id TEXT PRIMARY KEY,
  person_id TEXT NOT NULL,
  body TEXT NOT NULL,
  until BIGINT NOT NULL,
  used_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX callbacks_until ON callbacks (until);

CREATE TABLE inbox (
  id TEXT PRIMARY KEY,
  at BIGINT NOT NULL
);
CREATE INDEX inbox_at ON inbox (at);

CREATE TABLE outbox (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('message', 'photo', 'zone')),
  lane TEXT NOT NULL,
  platform TEXT NOT NULL,
  person_id TEXT NOT NULL DEFAULT '',
  body TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'sent', 'dead')),
  due_at BIGINT NOT NULL,
  lease_until BIGINT NOT NULL DEFAULT 0,
  token TEXT NOT NULL DEFAULT '',
  attempts BIGINT NOT NULL DEFAULT 0,
  external_id TEXT NOT NULL DEFAULT '',
  error TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  done_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX outbox_queue ON outbox (platform, due_at) WHERE state = 'queued';
CREATE INDEX outbox_lane ON outbox (lane, id) WHERE state = 'queued';
CREATE INDEX outbox_done ON outbox (state, done_at);

CREATE TABLE fired (
  job TEXT NOT NULL,
  person_id TEXT NOT NULL,
  day TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (job, person_id, day)
);
CREATE INDEX fired_at ON fired (at);

CREATE TABLE snoozes (
  person_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  until BIGINT NOT NULL,
  again BOOLEAN NOT NULL DEFAULT FALSE,
  PRIMARY KEY (person_id, subject)
);
CREATE INDEX snoozes_until ON snoozes (until);

CREATE TABLE audit_trail (
  id TEXT PRIMARY KEY,
  unit TEXT NOT NULL,
  at BIGINT NOT NULL,
  person_id TEXT NOT NULL,
  source TEXT NOT NULL,
  action TEXT NOT NULL CHECK (action IN ('create', 'update', 'undo')),
  kind TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  version BIGINT NOT NULL,
  before TEXT NOT NULL DEFAULT '',
  after TEXT NOT NULL DEFAULT '',
  undone_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX audit_trail_person ON audit_trail (person_id, at);
CREATE INDEX audit_trail_unit ON audit_trail (unit);
CREATE INDEX audit_trail_subject ON audit_trail (kind, subject_id);
CREATE INDEX audit_trail_at ON audit_trail (at);

CREATE TABLE settings (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

-- +goose Down
SELECT 1;
