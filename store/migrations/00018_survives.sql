-- What files carry: a contact's e-mail, and whether a deal's value is known to be nothing.

-- +goose Up
ALTER TABLE contacts ADD COLUMN email TEXT NOT NULL DEFAULT '';
ALTER TABLE deals ADD COLUMN value_known BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE deals SET value_known = TRUE WHERE value <> 0;

-- +goose Down
SELECT 1;
