-- Policy packs that people have made: every version of them. Those that are built in are in the program.
-- Which one is in use is the setting 'pack': its id, and its version unless it is built in.
CREATE TABLE pack (
    id          TEXT NOT NULL,
    version     BIGINT NOT NULL CHECK (version > 0),
    name        TEXT NOT NULL,
    origin      TEXT NOT NULL,
    yaml        TEXT NOT NULL,
    note        TEXT NOT NULL,
    author_id   TEXT NOT NULL,
    author_name TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (id, version)
);

-- An incident keeps the word of its severity and the rank it had, whatever becomes of the pack: figures
-- compare by rank. There was one pack before.
ALTER TABLE incident ADD COLUMN severity_rank BIGINT NOT NULL DEFAULT 0;
UPDATE incident SET severity_rank = CASE severity WHEN 'SEV1' THEN 1 WHEN 'SEV2' THEN 2 WHEN 'SEV3' THEN 3
    WHEN 'SEV4' THEN 4 ELSE 0 END;
DROP INDEX incident_open_list;
-- Without a severity sorts first: such an incident is chased.
CREATE INDEX incident_open_list ON incident (severity_rank, declared_at, id) WHERE is_open = 1;
