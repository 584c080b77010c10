-- +goose Up
CREATE INDEX people_dotted_to ON people (dotted_to);
ALTER TABLE identities ADD COLUMN begun BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE identities SET begun = TRUE WHERE seen_at > 0;

-- +goose Down
ALTER TABLE identities DROP COLUMN begun;
DROP INDEX people_dotted_to;
