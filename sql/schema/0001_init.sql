-- The whole schema of the first release. Columns are TEXT and BIGINT only: instants are UTC
-- microseconds, booleans 0/1, JSON is text. One text serves both engines; a line that ends in
-- "-- only sqlite" or "-- only postgres" is kept on that engine only. SQLite keeps a table with a TEXT
-- key as two trees unless told otherwise; for small rows one does, and is a page less in every commit.

-- Settings and counters -----------------------------------------------------------------------

CREATE TABLE setting (
    name  TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
); -- only postgres
) WITHOUT ROWID; -- only sqlite

-- Gap-free numbers: 'event' (global order of events), 'incident:20261121' (numbers of a day).
CREATE TABLE counter (
    name  TEXT PRIMARY KEY NOT NULL,
    value BIGINT NOT NULL
); -- only postgres
) WITHOUT ROWID; -- only sqlite

-- The three tables at the heart ----------------------------------------------------------------

-- Something happened. Append-only; numbered globally (seq) and per subject (number); every row's
-- hash covers the one before it on the same subject, and `chain` holds the head.
CREATE TABLE event (
    seq         BIGINT PRIMARY KEY NOT NULL, -- only postgres
    seq         INTEGER PRIMARY KEY NOT NULL, -- only sqlite
    subject     TEXT NOT NULL,
    number      BIGINT NOT NULL,
    kind        TEXT NOT NULL,
    at          BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    actor_kind  TEXT NOT NULL,
    actor_id    TEXT NOT NULL,
    actor_name  TEXT NOT NULL,
    corrects    BIGINT,
    data        TEXT NOT NULL,
    hash        TEXT NOT NULL,
    UNIQUE (subject, number)
);

CREATE TABLE chain (
    subject TEXT PRIMARY KEY NOT NULL,
    number  BIGINT NOT NULL,
    hash    TEXT NOT NULL
); -- only postgres
) WITHOUT ROWID; -- only sqlite

-- Something must happen at a time. One per (kind, subject); fired in the order (due_at, id).
CREATE TABLE timer (
    id      BIGINT NOT NULL,
    kind    TEXT NOT NULL,
    subject TEXT NOT NULL,
    due_at  BIGINT NOT NULL,
    data    TEXT NOT NULL,
    PRIMARY KEY (kind, subject)
); -- only postgres
) WITHOUT ROWID; -- only sqlite
CREATE INDEX timer_due ON timer (due_at, id);

-- Somebody must be told: the outbox.
CREATE TABLE delivery (
    id           TEXT PRIMARY KEY NOT NULL,
    incident_id  TEXT,
    kind         TEXT NOT NULL CHECK (kind IN ('page', 'resolved', 'test')),
    channel      TEXT NOT NULL,
    user_id      TEXT,
    contact_id   TEXT,
    endpoint_id  TEXT,
    recipient    TEXT NOT NULL,
    address      TEXT NOT NULL,
    loop         BIGINT NOT NULL,
    step         BIGINT NOT NULL,
    reason       TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'failed', 'superseded')),
    attempts     BIGINT NOT NULL,
    next_at      BIGINT,
    lease_owner  TEXT,
    fence        BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    sent_at      BIGINT,
    receipt      TEXT,
    error        TEXT
); -- only postgres
) WITHOUT ROWID; -- only sqlite
CREATE INDEX delivery_due ON delivery (next_at, id) WHERE next_at IS NOT NULL;
CREATE INDEX delivery_incident ON delivery (incident_id, created_at);
CREATE INDEX delivery_latest ON delivery (created_at);
CREATE INDEX delivery_count ON delivery (channel, state);

-- People -----------------------------------------------------------------------------------------

CREATE TABLE account (
    id            TEXT PRIMARY KEY NOT NULL,
    email         TEXT NOT NULL UNIQUE,
    name          TEXT NOT NULL,
    role          TEXT NOT NULL CHECK (role IN ('viewer', 'responder', 'manager', 'admin')),
    zone          TEXT NOT NULL,
    password_hash TEXT,
    disabled      BIGINT NOT NULL CHECK (disabled IN (0, 1)),
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL,
    version       BIGINT NOT NULL
);

CREATE TABLE contact (
    id         TEXT PRIMARY KEY NOT NULL,
    user_id    TEXT NOT NULL REFERENCES account (id),
    kind       TEXT NOT NULL,
    address    TEXT NOT NULL,
    enabled    BIGINT NOT NULL CHECK (enabled IN (0, 1)),
    created_at BIGINT NOT NULL,
    UNIQUE (user_id, kind, address)
);

CREATE TABLE session (
    id         TEXT PRIMARY KEY NOT NULL, -- SHA-256 of the cookie
    user_id    TEXT NOT NULL REFERENCES account (id),
    csrf       TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    agent      TEXT NOT NULL
); -- only postgres
) WITHOUT ROWID; -- only sqlite
CREATE INDEX session_of_user ON session (user_id);
CREATE INDEX session_expiry ON session (expires_at);

CREATE TABLE api_token (
    id         TEXT PRIMARY KEY NOT NULL,
    user_id    TEXT NOT NULL REFERENCES account (id),
    name       TEXT NOT NULL,
    hint       TEXT NOT NULL,
    hash       TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT
);

-- What is watched and who answers ------------------------------------------------------------------

CREATE TABLE policy (
    id          TEXT PRIMARY KEY NOT NULL,
    name        TEXT NOT NULL UNIQUE,
    description TEXT NOT NULL,
    repeat      BIGINT NOT NULL,
    steps       TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    version     BIGINT NOT NULL
);

-- A webhook that may be paged: the secret signs (Standard Webhooks).
CREATE TABLE endpoint (
    id         TEXT PRIMARY KEY NOT NULL,
    name       TEXT NOT NULL UNIQUE,
    url        TEXT NOT NULL,
    secret     TEXT NOT NULL, -- sealed
    created_at BIGINT NOT NULL
);

CREATE TABLE service (
    id               TEXT PRIMARY KEY NOT NULL,
    name             TEXT NOT NULL UNIQUE,
    description      TEXT NOT NULL,
    policy_id        TEXT REFERENCES policy (id),
    group_by         TEXT NOT NULL,
    group_wait    BIGINT NOT NULL,
    default_severity TEXT,
    created_at       BIGINT NOT NULL,
    updated_at       BIGINT NOT NULL,
    version          BIGINT NOT NULL
);

CREATE TABLE integration_key (
    id         TEXT PRIMARY KEY NOT NULL,
    service_id TEXT NOT NULL REFERENCES service (id),
    name       TEXT NOT NULL,
    hint       TEXT NOT NULL,
    hash       TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL
);

-- Label matchers that send an alert to a service; the first that matches, by position, wins.
CREATE TABLE route (
    id         TEXT PRIMARY KEY NOT NULL,
    position   BIGINT NOT NULL,
    matchers   TEXT NOT NULL,
    service_id TEXT NOT NULL REFERENCES service (id),
    severity   TEXT,
    created_at BIGINT NOT NULL
);

-- Alerts -------------------------------------------------------------------------------------------

-- One row is one episode, from firing to resolved. Lean: this is the hot table.
CREATE TABLE alert (
    id            BIGINT PRIMARY KEY NOT NULL, -- only postgres
    id            INTEGER PRIMARY KEY NOT NULL, -- only sqlite
    service_id    TEXT NOT NULL,
    dedup         TEXT NOT NULL,
    fingerprint   BIGINT NOT NULL,
    firing        BIGINT NOT NULL CHECK (firing IN (0, 1)),
    timeout       BIGINT NOT NULL CHECK (timeout IN (0, 1)),
    name          TEXT NOT NULL,
    severity      TEXT NOT NULL,
    labels        TEXT NOT NULL,
    annotations   TEXT NOT NULL,
    generator_url TEXT NOT NULL,
    starts_at     BIGINT NOT NULL,
    ends_at       BIGINT NOT NULL,
    received_at   BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL,
    resolved_at   BIGINT,
    count         BIGINT NOT NULL,
    incident_id   TEXT
);
CREATE UNIQUE INDEX alert_open ON alert (dedup) WHERE firing = 1;
CREATE INDEX alert_open_name ON alert (name) WHERE firing = 1;
CREATE INDEX alert_open_ends ON alert (ends_at) WHERE firing = 1;
CREATE INDEX alert_past ON alert (dedup, id) WHERE firing = 0;
CREATE INDEX alert_incident ON alert (incident_id) WHERE incident_id IS NOT NULL;

-- Incidents ----------------------------------------------------------------------------------------

CREATE TABLE incident (
    id              TEXT PRIMARY KEY NOT NULL,
    number          TEXT NOT NULL UNIQUE,
    title           TEXT NOT NULL,
    status          TEXT NOT NULL,
    severity        TEXT,
    summary         TEXT NOT NULL,
    cause           TEXT NOT NULL,
    actions_now     TEXT NOT NULL,
    next_decision   TEXT NOT NULL,
    impact_text     TEXT NOT NULL,
    impact_users    BIGINT,
    impact_percent  BIGINT,
    impact_revenue  TEXT NOT NULL,
    service_id      TEXT REFERENCES service (id),
    group_key       TEXT,
    is_open         BIGINT NOT NULL CHECK (is_open IN (0, 1)),
    started_at      BIGINT,
    detected_at     BIGINT,
    declared_at     BIGINT NOT NULL,
    acknowledged_at BIGINT,
    acknowledged_by TEXT,
    mitigated_at    BIGINT,
    resolved_at     BIGINT,
    verified_at     BIGINT,
    closed_at       BIGINT,
    next_update_at  BIGINT,
    created_by      TEXT NOT NULL,
    updated_at      BIGINT NOT NULL,
    version         BIGINT NOT NULL
); -- only postgres
) WITHOUT ROWID; -- only sqlite
CREATE UNIQUE INDEX incident_open_group ON incident (group_key) WHERE is_open = 1 AND group_key IS NOT NULL;
-- Without a severity sorts first: such an incident is chased.
CREATE INDEX incident_open_list ON incident ((COALESCE(severity, '') COLLATE "C"), declared_at, id) WHERE is_open = 1;
CREATE INDEX incident_past ON incident (declared_at, id);

CREATE TABLE incident_role (
    incident_id TEXT NOT NULL REFERENCES incident (id),
    role        TEXT NOT NULL,
    user_id     TEXT NOT NULL REFERENCES account (id),
    assigned_at BIGINT NOT NULL,
    PRIMARY KEY (incident_id, role)
); -- only postgres
) WITHOUT ROWID; -- only sqlite

CREATE TABLE incident_service (
    incident_id TEXT NOT NULL REFERENCES incident (id),
    service_id  TEXT NOT NULL REFERENCES service (id),
    PRIMARY KEY (incident_id, service_id)
); -- only postgres
) WITHOUT ROWID; -- only sqlite

-- The running escalation of an incident, on a snapshot of its policy. `version` is compared and set.
CREATE TABLE escalation (
    incident_id TEXT PRIMARY KEY NOT NULL REFERENCES incident (id),
    policy_id   TEXT NOT NULL,
    policy_name TEXT NOT NULL,
    repeat      BIGINT NOT NULL,
    steps       TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('running', 'acknowledged', 'exhausted', 'stopped')),
    loop        BIGINT NOT NULL,
    step        BIGINT NOT NULL,
    next_at     BIGINT,
    version     BIGINT NOT NULL
); -- only postgres
) WITHOUT ROWID; -- only sqlite

-- Learning -----------------------------------------------------------------------------------------

CREATE TABLE postmortem (
    id           TEXT PRIMARY KEY NOT NULL,
    incident_id  TEXT NOT NULL UNIQUE REFERENCES incident (id),
    status       TEXT NOT NULL CHECK (status IN ('draft', 'in_review', 'complete')),
    title        TEXT NOT NULL,
    body         TEXT NOT NULL,
    due_at       BIGINT,
    author_id    TEXT,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    completed_at BIGINT,
    version      BIGINT NOT NULL
);

CREATE TABLE action_item (
    id            TEXT PRIMARY KEY NOT NULL,
    postmortem_id TEXT NOT NULL REFERENCES postmortem (id),
    title         TEXT NOT NULL,
    owner_id      TEXT REFERENCES account (id),
    priority      TEXT NOT NULL CHECK (priority IN ('P1', 'P2', 'P3', 'P4')),
    due_on        TEXT,
    status        TEXT NOT NULL CHECK (status IN ('open', 'in_progress', 'done', 'dropped')),
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL
);
CREATE INDEX action_item_postmortem ON action_item (postmortem_id, created_at);
