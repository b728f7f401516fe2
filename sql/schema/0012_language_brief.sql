-- The language a person wants to read; NULL: the browser's on pages, that of the policy pack in messages.
ALTER TABLE account ADD COLUMN language TEXT;

-- Versions of an incident's living brief. `body` is the document without its last section, which is
-- `changes`: the lines that are not in the version before, and those that were in it only.
CREATE TABLE brief (
    incident_id TEXT NOT NULL REFERENCES incident (id),
    version     BIGINT NOT NULL,
    iteration   BIGINT NOT NULL CHECK (iteration BETWEEN 1 AND 3),
    file        TEXT NOT NULL,
    body        TEXT NOT NULL,
    changes     TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    created_by  TEXT NOT NULL,
    PRIMARY KEY (incident_id, version)
); -- only postgres
) WITHOUT ROWID; -- only sqlite
