-- What the tests of this floor use.
CREATE TABLE thing (
    id    TEXT PRIMARY KEY NOT NULL,
    name  TEXT NOT NULL UNIQUE,
    count BIGINT NOT NULL,
    seen  BIGINT,
    note  TEXT,
    live  BIGINT NOT NULL CHECK (live IN (0, 1))
);
CREATE TABLE part (
    id       BIGINT PRIMARY KEY NOT NULL, -- only postgres
    id       INTEGER PRIMARY KEY NOT NULL, -- only sqlite
    thing_id TEXT NOT NULL REFERENCES thing (id)
);
