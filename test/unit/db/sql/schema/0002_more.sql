CREATE TABLE counter (
    name  TEXT PRIMARY KEY NOT NULL,
    value BIGINT NOT NULL
);
CREATE INDEX thing_count ON thing (count, id);
