-- What was told to whom, what was promised, and who listens.

-- One message to one audience of an incident, numbered there without gaps.
CREATE TABLE incident_update (
    id             TEXT PRIMARY KEY NOT NULL,
    incident_id    TEXT NOT NULL REFERENCES incident (id),
    audience       TEXT NOT NULL,
    number         BIGINT NOT NULL,
    external       BIGINT NOT NULL CHECK (external IN (0, 1)),
    state          TEXT NOT NULL CHECK (state IN ('draft', 'approved', 'published', 'retracted')),
    moment         TEXT NOT NULL CHECK (moment IN ('initial', 'update', 'resolution')),
    status         TEXT NOT NULL,
    service        TEXT NOT NULL,
    summary        TEXT NOT NULL,
    since          TEXT NOT NULL,
    cause_state    TEXT NOT NULL CHECK (cause_state IN ('investigating', 'suspected', 'known')),
    cause          TEXT NOT NULL,
    impact         TEXT NOT NULL,
    eta            TEXT NOT NULL,
    next_steps     TEXT NOT NULL,
    next_update_at BIGINT,
    text           TEXT NOT NULL,
    language       TEXT NOT NULL,
    author_id      TEXT NOT NULL,
    author_name    TEXT NOT NULL,
    approved_by    TEXT,
    approved_name  TEXT,
    approved_at    BIGINT,
    published_at   BIGINT,
    visible_at     BIGINT,
    retracted_at   BIGINT,
    created_at     BIGINT NOT NULL,
    updated_at     BIGINT NOT NULL,
    version        BIGINT NOT NULL,
    UNIQUE (incident_id, audience, number)
);
CREATE INDEX incident_update_visible ON incident_update (visible_at) WHERE visible_at IS NOT NULL;

-- "You will hear from us by then." An audience has one that runs (settled_at is null) at most.
CREATE TABLE promise (
    id          TEXT PRIMARY KEY NOT NULL,
    incident_id TEXT NOT NULL REFERENCES incident (id),
    audience    TEXT NOT NULL,
    external    BIGINT NOT NULL CHECK (external IN (0, 1)),
    severity    TEXT NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('first', 'next')),
    since       BIGINT NOT NULL,
    due_at      BIGINT NOT NULL,
    nag_at      BIGINT NOT NULL,
    stage       BIGINT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('open', 'kept', 'missed', 'void')),
    update_id   TEXT,
    settled_at  BIGINT,
    created_at  BIGINT NOT NULL
);
CREATE UNIQUE INDEX promise_running ON promise (incident_id, audience) WHERE settled_at IS NULL;
CREATE INDEX promise_incident ON promise (incident_id, created_at);
CREATE INDEX promise_settled ON promise (created_at);

-- Who hears what an audience is told: a person, a plain address, or a webhook.
CREATE TABLE listener (
    id          TEXT PRIMARY KEY NOT NULL,
    audience    TEXT NOT NULL,
    service_id  TEXT REFERENCES service (id),
    user_id     TEXT REFERENCES account (id),
    endpoint_id TEXT REFERENCES endpoint (id),
    name        TEXT NOT NULL,
    address     TEXT NOT NULL,
    created_by  TEXT NOT NULL,
    created_at  BIGINT NOT NULL
);
CREATE UNIQUE INDEX listener_once ON listener (audience, (COALESCE(service_id, '')), (COALESCE(user_id, '')),
    (COALESCE(endpoint_id, '')), address);

-- Deliveries are of new kinds, which the program checks, and tell of a subject of their own. SQLite can
-- only drop a constraint with its table.
ALTER TABLE delivery DROP CONSTRAINT delivery_kind_check; -- only postgres
ALTER TABLE delivery ADD COLUMN subject TEXT; -- only postgres
CREATE TABLE delivery_2 ( -- only sqlite
    id           TEXT PRIMARY KEY NOT NULL, -- only sqlite
    incident_id  TEXT, -- only sqlite
    kind         TEXT NOT NULL, -- only sqlite
    channel      TEXT NOT NULL, -- only sqlite
    user_id      TEXT, -- only sqlite
    contact_id   TEXT, -- only sqlite
    endpoint_id  TEXT, -- only sqlite
    recipient    TEXT NOT NULL, -- only sqlite
    address      TEXT NOT NULL, -- only sqlite
    loop         BIGINT NOT NULL, -- only sqlite
    step         BIGINT NOT NULL, -- only sqlite
    reason       TEXT NOT NULL, -- only sqlite
    state        TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'failed', 'superseded')), -- only sqlite
    attempts     BIGINT NOT NULL, -- only sqlite
    next_at      BIGINT, -- only sqlite
    lease_owner  TEXT, -- only sqlite
    fence        BIGINT NOT NULL, -- only sqlite
    created_at   BIGINT NOT NULL, -- only sqlite
    sent_at      BIGINT, -- only sqlite
    receipt      TEXT, -- only sqlite
    error        TEXT, -- only sqlite
    subject      TEXT -- only sqlite
) WITHOUT ROWID; -- only sqlite
INSERT INTO delivery_2 SELECT id, incident_id, kind, channel, user_id, contact_id, endpoint_id, recipient, address, loop, -- only sqlite
    step, reason, state, attempts, next_at, lease_owner, fence, created_at, sent_at, receipt, error, NULL FROM delivery; -- only sqlite
DROP TABLE delivery; -- only sqlite
ALTER TABLE delivery_2 RENAME TO delivery; -- only sqlite
CREATE INDEX delivery_due ON delivery (next_at, id) WHERE next_at IS NOT NULL; -- only sqlite
CREATE INDEX delivery_incident ON delivery (incident_id, created_at); -- only sqlite
CREATE INDEX delivery_latest ON delivery (created_at); -- only sqlite
CREATE INDEX delivery_count ON delivery (channel, state); -- only sqlite
CREATE INDEX delivery_subject ON delivery (subject) WHERE subject IS NOT NULL;
