-- What the public sees. Only these tables are read for a status page: nothing of an incident is there
-- that nobody has published.
CREATE TABLE status_page (
    id         TEXT PRIMARY KEY NOT NULL,
    slug       TEXT NOT NULL UNIQUE,
    title      TEXT NOT NULL,
    about      TEXT,
    language   TEXT NOT NULL,
    zone       TEXT NOT NULL,
    host       TEXT UNIQUE,
    logo_url   TEXT,
    home_url   TEXT,
    visibility TEXT NOT NULL CHECK (visibility IN ('public', 'token', 'signed_in')),
    token_hash TEXT,
    components TEXT NOT NULL,
    is_default BIGINT NOT NULL CHECK (is_default IN (0, 1)),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version    BIGINT NOT NULL
);

CREATE TABLE component (
    id          TEXT PRIMARY KEY NOT NULL,
    group_id    TEXT REFERENCES component (id),
    is_group    BIGINT NOT NULL CHECK (is_group IN (0, 1)),
    name        TEXT NOT NULL,
    description TEXT,
    position    BIGINT NOT NULL,
    services    TEXT NOT NULL,
    shown       BIGINT NOT NULL CHECK (shown IN (0, 1)),
    state       TEXT NOT NULL,
    state_since BIGINT NOT NULL,
    state_cause TEXT,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    version     BIGINT NOT NULL
);
CREATE INDEX component_group ON component (group_id);

-- Every state a component has been in, one row from change to change: what uptime is counted from.
CREATE TABLE component_state (
    component_id TEXT NOT NULL REFERENCES component (id),
    started_at   BIGINT NOT NULL,
    ended_at     BIGINT,
    state        TEXT NOT NULL,
    public_id    TEXT,
    PRIMARY KEY (component_id, started_at)
); -- only postgres
) WITHOUT ROWID; -- only sqlite
CREATE INDEX component_state_ended ON component_state (ended_at);

CREATE TABLE public_incident (
    id              TEXT PRIMARY KEY NOT NULL,
    kind            TEXT NOT NULL CHECK (kind IN ('incident', 'maintenance')),
    incident_id     TEXT UNIQUE REFERENCES incident (id),
    title           TEXT NOT NULL,
    status          TEXT NOT NULL,
    impact          TEXT NOT NULL CHECK (impact IN ('none', 'minor', 'major', 'critical', 'maintenance')),
    is_open         BIGINT NOT NULL CHECK (is_open IN (0, 1)),
    automatic       BIGINT NOT NULL CHECK (automatic IN (0, 1)),
    scheduled_for   BIGINT,
    scheduled_until BIGINT,
    next_update_at  BIGINT,
    started_at      BIGINT NOT NULL,
    monitoring_at   BIGINT,
    resolved_at     BIGINT,
    postmortem      TEXT,
    postmortem_at   BIGINT,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    version         BIGINT NOT NULL
);
CREATE INDEX public_incident_open ON public_incident (is_open, started_at);
CREATE INDEX public_incident_started ON public_incident (started_at, id);

-- What an incident does to components while it is open; the component's state is the worst of them.
CREATE TABLE public_component (
    public_id    TEXT NOT NULL REFERENCES public_incident (id),
    component_id TEXT NOT NULL REFERENCES component (id),
    state        TEXT NOT NULL,
    PRIMARY KEY (public_id, component_id)
); -- only postgres
) WITHOUT ROWID; -- only sqlite
CREATE INDEX public_component_component ON public_component (component_id);

CREATE TABLE public_update (
    id         TEXT PRIMARY KEY NOT NULL,
    public_id  TEXT NOT NULL REFERENCES public_incident (id),
    number     BIGINT NOT NULL,
    status     TEXT NOT NULL,
    body       TEXT NOT NULL,
    components TEXT NOT NULL,
    created_by TEXT,
    created_at BIGINT NOT NULL,
    UNIQUE (public_id, number)
); -- only postgres
) WITHOUT ROWID; -- only sqlite

CREATE TABLE subscriber (
    id           TEXT PRIMARY KEY NOT NULL,
    page_id      TEXT NOT NULL REFERENCES status_page (id),
    kind         TEXT NOT NULL CHECK (kind IN ('email', 'webhook')),
    address      TEXT NOT NULL,
    secret       TEXT,
    components   TEXT NOT NULL,
    confirmed_at BIGINT,
    asked_at     BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    UNIQUE (page_id, kind, address)
); -- only postgres
) WITHOUT ROWID; -- only sqlite
CREATE INDEX subscriber_asked ON subscriber (asked_at);
