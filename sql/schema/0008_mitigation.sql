-- What was done to stop the harm, and whether it helped.
CREATE TABLE mitigation (
    id          TEXT PRIMARY KEY NOT NULL,
    incident_id TEXT NOT NULL REFERENCES incident (id),
    kind        TEXT NOT NULL,
    text        TEXT NOT NULL,
    command     TEXT,
    result      TEXT,
    effect      TEXT NOT NULL CHECK (effect IN ('unknown', 'better', 'none', 'worse')),
    at          BIGINT NOT NULL,
    done_by     TEXT NOT NULL,
    done_name   TEXT NOT NULL,
    judged_at   BIGINT,
    created_at  BIGINT NOT NULL
); -- only postgres
) WITHOUT ROWID; -- only sqlite
CREATE INDEX mitigation_incident ON mitigation (incident_id, at, id);

-- Roll back or fix forward: what was known, recommended and decided; never changed once decided.
CREATE TABLE decision (
    id                  TEXT PRIMARY KEY NOT NULL,
    incident_id         TEXT NOT NULL REFERENCES incident (id),
    version             BIGINT NOT NULL,
    severity            TEXT,
    recent_deploy       TEXT NOT NULL,
    data_at_risk        TEXT NOT NULL,
    rollback_loses_data TEXT NOT NULL,
    cause_understood    TEXT NOT NULL,
    fix_simple          TEXT NOT NULL,
    fix_takes           BIGINT,
    rollback_takes      BIGINT,
    undone              TEXT,
    recommendation      TEXT NOT NULL,
    reason              TEXT NOT NULL,
    provisional         BIGINT NOT NULL CHECK (provisional IN (0, 1)),
    verdicts            TEXT NOT NULL,
    asked_by            TEXT NOT NULL,
    asked_name          TEXT NOT NULL,
    created_at          BIGINT NOT NULL,
    choice              TEXT,
    why                 TEXT,
    decided_by          TEXT,
    decided_name        TEXT,
    decided_at          BIGINT,
    UNIQUE (incident_id, version)
); -- only postgres
) WITHOUT ROWID; -- only sqlite

CREATE TABLE rollout (
    id           TEXT PRIMARY KEY NOT NULL,
    incident_id  TEXT NOT NULL REFERENCES incident (id),
    title        TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('running', 'failing', 'complete', 'rolled_back')),
    stage        BIGINT NOT NULL,
    held_at      BIGINT,
    started_by   TEXT NOT NULL,
    started_name TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    ended_at     BIGINT,
    version      BIGINT NOT NULL
); -- only postgres
) WITHOUT ROWID; -- only sqlite
CREATE INDEX rollout_incident ON rollout (incident_id, created_at);
CREATE UNIQUE INDEX rollout_one ON rollout (incident_id) WHERE state IN ('running', 'failing');

CREATE TABLE rollout_stage (
    rollout_id    TEXT NOT NULL REFERENCES rollout (id),
    position      BIGINT NOT NULL,
    name          TEXT NOT NULL,
    percent_least BIGINT NOT NULL,
    percent       BIGINT NOT NULL,
    hold_us       BIGINT NOT NULL,
    hold_most_us  BIGINT NOT NULL,
    entered_at    BIGINT,
    health        TEXT,
    note          TEXT,
    reason        TEXT,
    signed_by     TEXT,
    signed_name   TEXT,
    signed_at     BIGINT,
    PRIMARY KEY (rollout_id, position)
); -- only postgres
) WITHOUT ROWID; -- only sqlite
