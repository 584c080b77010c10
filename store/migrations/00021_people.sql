-- What a key account manager is trained on: how loyal a customer is, what moves the people
-- there, who of ours knows whom, and how the customer buys.

-- +goose Up
ALTER TABLE accounts ADD COLUMN loyalty TEXT NOT NULL DEFAULT '';
ALTER TABLE contacts ADD COLUMN category TEXT NOT NULL DEFAULT '';
ALTER TABLE contacts ADD COLUMN buying_group BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE contacts ADD COLUMN motives TEXT NOT NULL DEFAULT '';
ALTER TABLE contacts ADD COLUMN opposite_id TEXT NOT NULL DEFAULT '';
ALTER TABLE deals ADD COLUMN buying_situation TEXT NOT NULL DEFAULT '';
ALTER TABLE deals ADD COLUMN their_need TEXT NOT NULL DEFAULT '';
ALTER TABLE deals ADD COLUMN our_answer TEXT NOT NULL DEFAULT '';
ALTER TABLE deals ADD COLUMN rival_answer TEXT NOT NULL DEFAULT '';

-- +goose Down
SELECT 1;
