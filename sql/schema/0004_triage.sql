-- Triage: whether it is real, how bad it is, what kind it is, who may see it, what is kept of it.
ALTER TABLE incident ADD COLUMN class TEXT;
ALTER TABLE incident ADD COLUMN restricted BIGINT NOT NULL DEFAULT 0 CHECK (restricted IN (0, 1));
ALTER TABLE incident ADD COLUMN evidence_hold BIGINT NOT NULL DEFAULT 0 CHECK (evidence_hold IN (0, 1));
ALTER TABLE incident ADD COLUMN aware_at BIGINT;
ALTER TABLE incident ADD COLUMN confirmed_at BIGINT;
ALTER TABLE incident ADD COLUMN confirmed_by TEXT;
CREATE INDEX incident_restricted ON incident (id) WHERE restricted = 1;

-- Who was let in besides those who take part by what they do in it (see access_sees).
CREATE TABLE incident_member (
    incident_id TEXT NOT NULL REFERENCES incident (id),
    user_id     TEXT NOT NULL REFERENCES account (id),
    reason      TEXT NOT NULL,
    added_by    TEXT NOT NULL,
    added_at    BIGINT NOT NULL,
    PRIMARY KEY (incident_id, user_id)
); -- only postgres
) WITHOUT ROWID; -- only sqlite

-- The latest impact assessment; earlier ones are on the timeline.
CREATE TABLE assessment (
    incident_id   TEXT PRIMARY KEY NOT NULL REFERENCES incident (id),
    users_percent BIGINT,
    revenue       TEXT,
    data          TEXT,
    workaround    TEXT,
    security      TEXT,
    proposed      TEXT,
    chosen        TEXT,
    reason        TEXT NOT NULL,
    by_id         TEXT NOT NULL,
    by_name       TEXT NOT NULL,
    at            BIGINT NOT NULL
); -- only postgres
) WITHOUT ROWID; -- only sqlite

-- A deadline that a law sets, counted from awareness.
CREATE TABLE legal_clock (
    incident_id TEXT NOT NULL REFERENCES incident (id),
    clock       TEXT NOT NULL,
    name        TEXT NOT NULL,
    aware_at    BIGINT NOT NULL,
    after_us    BIGINT NOT NULL,
    due_at      BIGINT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('running', 'done', 'not_applicable')),
    reason      TEXT NOT NULL,
    ended_by    TEXT,
    ended_name  TEXT,
    ended_at    BIGINT,
    PRIMARY KEY (incident_id, clock)
); -- only postgres
) WITHOUT ROWID; -- only sqlite

-- What must not be lost: a link, or a small file with its digest. Never changed; see evidence_delete.
CREATE TABLE evidence (
    id          TEXT PRIMARY KEY NOT NULL,
    incident_id TEXT NOT NULL REFERENCES incident (id),
    name        TEXT NOT NULL,
    url         TEXT,
    sha256      TEXT,
    size        BIGINT,
    note        TEXT NOT NULL,
    added_by    TEXT NOT NULL,
    added_name  TEXT NOT NULL,
    added_at    BIGINT NOT NULL,
    content     TEXT -- base64
);
CREATE INDEX evidence_incident ON evidence (incident_id, added_at, id);
