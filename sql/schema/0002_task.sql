-- What has to be done in an incident: the lists of its pack, of its runbooks, of its checks.
CREATE TABLE task (
    id          TEXT PRIMARY KEY NOT NULL,
    incident_id TEXT NOT NULL REFERENCES incident (id),
    list        TEXT NOT NULL,
    list_name   TEXT NOT NULL,
    position    BIGINT NOT NULL,
    text        TEXT NOT NULL,
    command     TEXT,
    expected    TEXT,
    role        TEXT,
    state       TEXT NOT NULL CHECK (state IN ('open', 'done', 'skipped', 'failed')),
    note        TEXT,
    done_by     TEXT,
    done_name   TEXT,
    done_at     BIGINT,
    created_at  BIGINT NOT NULL,
    UNIQUE (incident_id, list, position)
); -- only postgres
) WITHOUT ROWID; -- only sqlite
