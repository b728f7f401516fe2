-- The gate before `resolved`: the soak, and who waived it. The checks are tasks of the list `verify`.
CREATE TABLE verification (
    incident_id   TEXT PRIMARY KEY NOT NULL REFERENCES incident (id),
    round         BIGINT NOT NULL,
    started_at    BIGINT,
    soak_until    BIGINT,
    soaked        BIGINT NOT NULL CHECK (soaked IN (0, 1)),
    passed_at     BIGINT,
    waived_by     TEXT,
    waived_name   TEXT,
    waived_reason TEXT,
    waived_at     BIGINT
); -- only postgres
) WITHOUT ROWID; -- only sqlite

-- Small checks of a service from outside, and what the last run showed.
CREATE TABLE probe (
    id         TEXT PRIMARY KEY NOT NULL,
    service_id TEXT NOT NULL REFERENCES service (id),
    name       TEXT NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('http', 'tcp', 'tls')),
    target     TEXT NOT NULL,
    status     BIGINT NOT NULL,
    contains   TEXT,
    latency    BIGINT NOT NULL,
    days       BIGINT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('unknown', 'passing', 'failing')),
    detail     TEXT,
    checked_at BIGINT,
    created_at BIGINT NOT NULL
); -- only postgres
) WITHOUT ROWID; -- only sqlite
CREATE INDEX probe_service ON probe (service_id, created_at);
