-- What was changed, and when it took effect: deployments, flags, configuration, migrations…
CREATE TABLE change_event (
    id          TEXT PRIMARY KEY NOT NULL,
    source      TEXT NOT NULL,
    external_id TEXT,
    kind        TEXT NOT NULL,
    service_id  TEXT REFERENCES service (id),
    environment TEXT NOT NULL,
    version     TEXT NOT NULL,
    commit_from TEXT NOT NULL,
    commit_to   TEXT NOT NULL,
    author      TEXT NOT NULL,
    title       TEXT NOT NULL,
    link        TEXT NOT NULL,
    status      TEXT NOT NULL CHECK (status IN ('started', 'succeeded', 'failed', 'rolled_back')),
    reversible  TEXT NOT NULL CHECK (reversible IN ('yes', 'no', 'unknown')),
    started_at  BIGINT NOT NULL,
    finished_at BIGINT,
    at          BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL
);
CREATE UNIQUE INDEX change_event_external ON change_event (source, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX change_event_at ON change_event (at, id);
CREATE INDEX change_event_service ON change_event (service_id, at, id);
