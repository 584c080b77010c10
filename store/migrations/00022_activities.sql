-- Contacts with the customer that are no visits: calls, messages, meetings elsewhere.

-- +goose Up
CREATE TABLE activities (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  kind TEXT NOT NULL,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  store_id TEXT NOT NULL DEFAULT '',
  person_id TEXT NOT NULL REFERENCES people (id),
  met TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '',
  on_day TEXT NOT NULL,
  status TEXT NOT NULL DEFAULT 'made',
  created_at BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX activities_account ON activities (account_id, store_id, on_day);
CREATE INDEX activities_person ON activities (person_id, on_day);
CREATE INDEX activities_created ON activities (created_at);

-- Who takes back what they did looks for their own lines: those of imports are nobody's.
DROP INDEX audit_trail_person;
CREATE INDEX audit_trail_person ON audit_trail (person_id, at) WHERE source <> 'import';

-- +goose Down
SELECT 1;
