-- What a customer wants before it pays, as far as it is done; goods that came late.

-- +goose Up
ALTER TABLE invoices ADD COLUMN steps_done TEXT NOT NULL DEFAULT '';
ALTER TABLE orders ADD COLUMN late BIGINT NOT NULL DEFAULT 0;

-- +goose Down
SELECT 1;
