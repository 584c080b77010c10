-- Less to write for a message and its buttons.
--
-- turn: the row is the oldest of its lane that waits, so that a claim never looks at what
-- waits behind another, however much that is.
-- callbacks: a row a message, with all its buttons; used holds a bit for each that was
-- used up.

-- +goose Up
ALTER TABLE outbox ADD COLUMN turn BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE outbox SET turn = TRUE WHERE state = 'queued'
  AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.lane = outbox.lane AND e.state = 'queued' AND e.id < outbox.id);
DROP INDEX outbox_queue;
CREATE INDEX outbox_turn ON outbox (platform, due_at, id) WHERE state = 'queued' AND turn = TRUE;
DROP INDEX outbox_done;
CREATE INDEX outbox_done ON outbox (done_at) WHERE state = 'sent';
CREATE INDEX outbox_dead ON outbox (done_at) WHERE state = 'dead';
ALTER TABLE callbacks ADD COLUMN used BIGINT NOT NULL DEFAULT 0;
UPDATE callbacks SET body = '[' || body || ']', used = CASE WHEN used_at > 0 THEN 1 ELSE 0 END;
ALTER TABLE callbacks DROP COLUMN used_at;
DROP INDEX audit_trail_at;

-- +goose Down
SELECT 1;
