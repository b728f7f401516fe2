-- Who commands and helps: roles with their history, people asked to join, whose turn it is to command;
-- the war room with who is in it, its check-ins, and what people work on.

-- Every time somebody held a role. The one that lasts is in incident_role too, where nobody but one
-- can be; the index says the same here.
CREATE TABLE role_term (
    id          TEXT PRIMARY KEY NOT NULL,
    incident_id TEXT NOT NULL REFERENCES incident (id),
    role        TEXT NOT NULL,
    user_id     TEXT NOT NULL REFERENCES account (id),
    name        TEXT NOT NULL,
    from_at     BIGINT NOT NULL,
    to_at       BIGINT,
    reason      TEXT
); -- only postgres
) WITHOUT ROWID; -- only sqlite
CREATE UNIQUE INDEX role_term_now ON role_term (incident_id, role) WHERE to_at IS NULL;
CREATE INDEX role_term_incident ON role_term (incident_id, from_at, id);

CREATE TABLE responder_request (
    id          TEXT PRIMARY KEY NOT NULL,
    incident_id TEXT NOT NULL REFERENCES incident (id),
    role        TEXT,
    user_id     TEXT NOT NULL REFERENCES account (id),
    user_name   TEXT NOT NULL,
    asked_by    TEXT NOT NULL,
    asked_name  TEXT NOT NULL,
    message     TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('open', 'accepted', 'declined')),
    answer      TEXT,
    asked_at    BIGINT NOT NULL,
    answered_at BIGINT
); -- only postgres
) WITHOUT ROWID; -- only sqlite
CREATE INDEX responder_request_incident ON responder_request (incident_id, asked_at, id);
CREATE UNIQUE INDEX responder_request_open ON responder_request (incident_id, user_id) WHERE state = 'open';

-- Who takes turns at commanding, in order; led_at: when their turn last came.
CREATE TABLE commander_turn (
    user_id  TEXT PRIMARY KEY NOT NULL REFERENCES account (id),
    position BIGINT NOT NULL,
    led_at   BIGINT
); -- only postgres
) WITHOUT ROWID; -- only sqlite

CREATE TABLE war_room (
    incident_id      TEXT PRIMARY KEY NOT NULL REFERENCES incident (id),
    channel          TEXT NOT NULL,
    bridge           TEXT,
    backup           TEXT,
    phone            TEXT,
    opened_at        BIGINT NOT NULL,
    opened_by        TEXT NOT NULL,
    closed_at        BIGINT,
    check_ins        BIGINT NOT NULL,
    missed           BIGINT NOT NULL,
    missed_in_a_row  BIGINT NOT NULL,
    next_check_in_at BIGINT,
    version          BIGINT NOT NULL
); -- only postgres
) WITHOUT ROWID; -- only sqlite

CREATE TABLE room_person (
    incident_id TEXT NOT NULL REFERENCES incident (id),
    user_id     TEXT NOT NULL REFERENCES account (id),
    name        TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('waiting', 'joined', 'refused', 'left')),
    purpose     TEXT,
    since       BIGINT NOT NULL,
    PRIMARY KEY (incident_id, user_id)
); -- only postgres
) WITHOUT ROWID; -- only sqlite

CREATE TABLE resource (
    id          TEXT PRIMARY KEY NOT NULL,
    incident_id TEXT NOT NULL REFERENCES incident (id),
    user_id     TEXT NOT NULL REFERENCES account (id),
    name        TEXT NOT NULL,
    work        TEXT NOT NULL,
    from_at     BIGINT NOT NULL,
    until_at    BIGINT
); -- only postgres
) WITHOUT ROWID; -- only sqlite
CREATE UNIQUE INDEX resource_now ON resource (incident_id, user_id) WHERE until_at IS NULL;
CREATE INDEX resource_incident ON resource (incident_id, from_at, id);
