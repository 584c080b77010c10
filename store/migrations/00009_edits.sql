-- An edit of a message that still waits gives way to the next one.

-- +goose Up
ALTER TABLE outbox ADD COLUMN edits TEXT NOT NULL DEFAULT '';
CREATE INDEX outbox_edits ON outbox (lane, edits) WHERE state = 'queued' AND edits <> '';

-- +goose Down
SELECT 1;
