-- Groups in which the people of a store answer for it.

-- +goose Up
CREATE TABLE store_rooms (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  platform TEXT NOT NULL,
  room TEXT NOT NULL,
  thread TEXT NOT NULL DEFAULT '',
  store_id TEXT NOT NULL REFERENCES stores (id),
  status TEXT NOT NULL CHECK (status IN ('bound', 'unbound')),
  created_at BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX store_rooms_room ON store_rooms (platform, room) WHERE status = 'bound';
CREATE INDEX store_rooms_store ON store_rooms (store_id); -- stores that are merged bring a group each

CREATE TABLE room_guests (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  room_id TEXT NOT NULL REFERENCES store_rooms (id),
  external_id TEXT NOT NULL,
  name TEXT NOT NULL DEFAULT '',
  said TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL CHECK (status IN ('asked', 'known', 'refused')),
  created_at BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX room_guests_guest ON room_guests (room_id, external_id);

-- Messages that were written for a room are found by what is said in reply to them.
CREATE INDEX outbox_rooms ON outbox (lane, external_id) WHERE person_id = '' AND state = 'sent';

-- +goose Down
SELECT 1;
