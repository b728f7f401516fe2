-- What might be the cause, and what speaks for and against it.
CREATE TABLE hypothesis (
    id          TEXT PRIMARY KEY NOT NULL,
    incident_id TEXT NOT NULL REFERENCES incident (id),
    text        TEXT NOT NULL,
    likelihood  BIGINT NOT NULL,
    impact      BIGINT NOT NULL,
    test        TEXT NOT NULL,
    owner_id    TEXT REFERENCES account (id),
    timebox     BIGINT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('proposed', 'testing', 'supported', 'refuted', 'confirmed')),
    due_at      BIGINT,
    is_over     BIGINT NOT NULL CHECK (is_over IN (0, 1)),
    change_id   TEXT REFERENCES change_event (id),
    author_name TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL
); -- only postgres
) WITHOUT ROWID; -- only sqlite
CREATE INDEX hypothesis_incident ON hypothesis (incident_id, created_at, id);
CREATE UNIQUE INDEX hypothesis_change ON hypothesis (incident_id, change_id) WHERE change_id IS NOT NULL;

CREATE TABLE finding (
    id            TEXT PRIMARY KEY NOT NULL,
    hypothesis_id TEXT NOT NULL REFERENCES hypothesis (id),
    incident_id   TEXT NOT NULL REFERENCES incident (id),
    says          TEXT NOT NULL CHECK (says IN ('for', 'against', 'unclear')),
    text          TEXT NOT NULL,
    author_name   TEXT NOT NULL,
    at            BIGINT NOT NULL
); -- only postgres
) WITHOUT ROWID; -- only sqlite
CREATE INDEX finding_incident ON finding (incident_id, at, id);

-- When to stop what one is doing, or to call for help: by a person, or by a runbook's escalation.
CREATE TABLE threshold (
    id          TEXT PRIMARY KEY NOT NULL,
    incident_id TEXT NOT NULL REFERENCES incident (id),
    runbook_id  TEXT,
    text        TEXT NOT NULL,
    action      TEXT NOT NULL,
    within      BIGINT NOT NULL,
    due_at      BIGINT,
    state       TEXT NOT NULL CHECK (state IN ('armed', 'reached', 'dropped')),
    author_name TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    ended_at    BIGINT
); -- only postgres
) WITHOUT ROWID; -- only sqlite
CREATE INDEX threshold_incident ON threshold (incident_id, created_at, id);

-- Runbooks are documents with versions; what is searched for is read out of the document.
CREATE TABLE runbook (
    id         TEXT PRIMARY KEY NOT NULL,
    slug       TEXT NOT NULL UNIQUE,
    kind       TEXT NOT NULL CHECK (kind IN ('runbook', 'playbook')),
    title      TEXT NOT NULL,
    services   TEXT NOT NULL,
    alerts     TEXT NOT NULL,
    severities TEXT NOT NULL,
    owner      TEXT NOT NULL,
    tested_on  TEXT NOT NULL,
    body       TEXT NOT NULL,
    updated_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version    BIGINT NOT NULL
);
CREATE INDEX runbook_title ON runbook (title, id);

CREATE TABLE runbook_version (
    runbook_id TEXT NOT NULL REFERENCES runbook (id),
    version    BIGINT NOT NULL,
    body       TEXT NOT NULL,
    updated_by TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (runbook_id, version)
);

CREATE TABLE incident_runbook (
    incident_id TEXT NOT NULL REFERENCES incident (id),
    runbook_id  TEXT NOT NULL REFERENCES runbook (id),
    version     BIGINT NOT NULL,
    reason      TEXT NOT NULL,
    removed     BIGINT NOT NULL CHECK (removed IN (0, 1)),
    attached_at BIGINT NOT NULL,
    PRIMARY KEY (incident_id, runbook_id)
); -- only postgres
) WITHOUT ROWID; -- only sqlite
