-- The trail is a chain per subject: every line holds a digest of its content and a link
-- to the line before it, and trail_heads how many lines there must be and the last link.
-- Lines from before have place 0 and no link.

-- +goose Up
ALTER TABLE audit_trail ADD COLUMN place BIGINT NOT NULL DEFAULT 0;
ALTER TABLE audit_trail ADD COLUMN salt TEXT NOT NULL DEFAULT '';
ALTER TABLE audit_trail ADD COLUMN digest TEXT NOT NULL DEFAULT '';
ALTER TABLE audit_trail ADD COLUMN link TEXT NOT NULL DEFAULT '';
ALTER TABLE audit_trail ADD COLUMN erased_at BIGINT NOT NULL DEFAULT 0;
CREATE TABLE trail_heads (
  kind TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  lines BIGINT NOT NULL,
  link TEXT NOT NULL,
  PRIMARY KEY (kind, subject_id)
);
DROP INDEX audit_trail_subject;
CREATE INDEX audit_trail_subject ON audit_trail (kind, subject_id, place);

-- +goose Down
SELECT 1;
