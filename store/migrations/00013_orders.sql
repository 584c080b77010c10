-- What was ordered, sent, and accepted at the store's door.

-- +goose Up
CREATE TABLE orders (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  number TEXT NOT NULL,
  seq BIGINT NOT NULL DEFAULT 0,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  store_id TEXT NOT NULL DEFAULT '',
  owner_id TEXT NOT NULL DEFAULT '',
  person_id TEXT NOT NULL DEFAULT '',
  source TEXT NOT NULL DEFAULT '',
  po_number TEXT NOT NULL DEFAULT '',
  ordered_on TEXT NOT NULL,
  valid_until TEXT NOT NULL DEFAULT '',
  delivery_slot TEXT NOT NULL DEFAULT '',
  deal_number TEXT NOT NULL DEFAULT '',
  lines TEXT NOT NULL DEFAULT '[]',
  amount BIGINT NOT NULL DEFAULT 0,
  prepaid BOOLEAN NOT NULL DEFAULT FALSE,
  released BOOLEAN NOT NULL DEFAULT FALSE,
  held BOOLEAN NOT NULL DEFAULT FALSE,
  status TEXT NOT NULL CHECK (status IN ('asked', 'abnormal', 'accepted', 'part_sent', 'delivered', 'closed', 'refused', 'cancelled', 'undone')),
  reason TEXT NOT NULL DEFAULT '',
  sent BIGINT NOT NULL DEFAULT 0,
  sent_units BIGINT NOT NULL DEFAULT 0,
  accepted BIGINT NOT NULL DEFAULT 0,
  refused BIGINT NOT NULL DEFAULT 0,
  invoiced BIGINT NOT NULL DEFAULT 0,
  drawn BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX orders_number ON orders (account_id, number) WHERE status <> 'undone';
CREATE INDEX orders_seq ON orders (seq) WHERE seq > 0;
CREATE INDEX orders_by_number ON orders (number);
CREATE INDEX orders_drawn ON orders (account_id) WHERE drawn > 0;
CREATE INDEX orders_account ON orders (account_id, ordered_on);
CREATE INDEX orders_deal ON orders (account_id) WHERE deal_number <> '';
CREATE INDEX orders_store ON orders (store_id, ordered_on);
CREATE INDEX orders_status ON orders (status, ordered_on);
CREATE INDEX orders_owner ON orders (owner_id, status);
CREATE INDEX orders_person ON orders (person_id, ordered_on);

CREATE TABLE deliveries (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  number TEXT NOT NULL,
  seq BIGINT NOT NULL DEFAULT 0,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  order_id TEXT NOT NULL REFERENCES orders (id),
  store_id TEXT NOT NULL DEFAULT '',
  delivered_on TEXT NOT NULL,
  lines TEXT NOT NULL DEFAULT '[]',
  confirmed BOOLEAN NOT NULL DEFAULT FALSE,
  status TEXT NOT NULL CHECK (status IN ('made', 'undone')),
  created_at BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX deliveries_number ON deliveries (account_id, number) WHERE status <> 'undone';
CREATE INDEX deliveries_seq ON deliveries (seq) WHERE seq > 0;
CREATE INDEX deliveries_by_number ON deliveries (number);
CREATE INDEX deliveries_order ON deliveries (order_id);
CREATE INDEX deliveries_store ON deliveries (store_id, delivered_on);
CREATE INDEX deliveries_open ON deliveries (delivered_on) WHERE NOT confirmed;

CREATE TABLE receipts (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  number TEXT NOT NULL,
  seq BIGINT NOT NULL DEFAULT 0,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  delivery_id TEXT NOT NULL REFERENCES deliveries (id),
  order_id TEXT NOT NULL REFERENCES orders (id),
  person_id TEXT NOT NULL DEFAULT '',
  received_on TEXT NOT NULL,
  received_by TEXT NOT NULL DEFAULT '',
  lines TEXT NOT NULL DEFAULT '[]',
  difference_note TEXT NOT NULL DEFAULT '',
  photos TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL CHECK (status IN ('made', 'undone')),
  created_at BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX receipts_number ON receipts (account_id, number) WHERE status <> 'undone';
CREATE INDEX receipts_seq ON receipts (seq) WHERE seq > 0;
CREATE INDEX receipts_by_number ON receipts (number);
CREATE INDEX receipts_delivery ON receipts (delivery_id);
CREATE INDEX receipts_order ON receipts (order_id);
CREATE INDEX receipts_account ON receipts (account_id, received_on);

-- +goose Down
SELECT 1;
