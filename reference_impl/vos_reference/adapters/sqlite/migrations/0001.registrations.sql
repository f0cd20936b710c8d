-- Citizens, their registrations and the WSRM queue. Instants are ISO 8601 in UTC, so that text order is time order.
CREATE TABLE person (
    id   TEXT PRIMARY KEY,
    cpr  TEXT NOT NULL,
    born TEXT NOT NULL,
    dead TEXT
) WITHOUT ROWID;

-- The pointer ("pegepind") from a CPR number to a citizen. A number without a citizen is known, and a call answers 4404.
CREATE TABLE cpr (
    cpr       TEXT PRIMARY KEY,
    person_id TEXT REFERENCES person (id)
) WITHOUT ROWID;

CREATE TABLE membership (
    person_id         TEXT    NOT NULL REFERENCES person (id),
    organisation_type INTEGER NOT NULL,
    organisation_code TEXT    NOT NULL,
    since             TEXT    NOT NULL,
    until             TEXT
);
CREATE INDEX membership_person ON membership (person_id);

CREATE TABLE tilmelding (
    person_id TEXT    PRIMARY KEY REFERENCES person (id),
    category  INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE fravaer (
    person_id TEXT    NOT NULL REFERENCES person (id),
    type      INTEGER NOT NULL,
    since     TEXT    NOT NULL,
    until     TEXT
);
CREATE INDEX fravaer_person ON fravaer (person_id);

-- Append-only: one row per registration and per change of it. The row with the highest number of an id is its current state.
CREATE TABLE registration (
    number            INTEGER PRIMARY KEY AUTOINCREMENT,
    person_id         TEXT    NOT NULL REFERENCES person (id),
    id                TEXT    NOT NULL,
    kind              TEXT    NOT NULL CHECK (kind IN ('kontaktgruppe', 'personkategori')),
    type              INTEGER NOT NULL,
    event             TEXT,
    start_time        TEXT    NOT NULL,
    end_time          TEXT,
    is_deleted        INTEGER NOT NULL,
    registered        TEXT    NOT NULL,
    organisation_type INTEGER NOT NULL,
    organisation_code TEXT    NOT NULL,
    system            INTEGER NOT NULL,
    registrant        TEXT    NOT NULL -- the identity of the caller, as JSON
);
CREATE INDEX registration_person ON registration (person_id, number);
CREATE INDEX registration_id ON registration (id);

CREATE TABLE call (
    id       TEXT PRIMARY KEY,
    received TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE subscription (
    organisation_type INTEGER NOT NULL,
    organisation_code TEXT    NOT NULL,
    system            INTEGER NOT NULL,
    PRIMARY KEY (organisation_type, organisation_code, system)
) WITHOUT ROWID;

CREATE TABLE sequence (
    id                TEXT    PRIMARY KEY,
    organisation_type INTEGER NOT NULL,
    organisation_code TEXT    NOT NULL,
    system            INTEGER NOT NULL,
    sub_queue         TEXT    NOT NULL,
    opened            TEXT    NOT NULL,
    UNIQUE (organisation_type, organisation_code, system, sub_queue)
) WITHOUT ROWID;

-- A waiting message. It is deleted when its sequence is terminated.
CREATE TABLE message (
    number            INTEGER PRIMARY KEY AUTOINCREMENT,
    id                TEXT    NOT NULL,
    message_type      TEXT    NOT NULL,
    organisation_type INTEGER NOT NULL,
    organisation_code TEXT    NOT NULL,
    system            INTEGER NOT NULL,
    sub_queue         TEXT    NOT NULL,
    body              TEXT    NOT NULL, -- JSON
    queued            TEXT    NOT NULL,
    sequence_id       TEXT    REFERENCES sequence (id)
);
CREATE INDEX message_owner ON message (organisation_type, organisation_code, system, sub_queue, sequence_id, number);
CREATE INDEX message_sequence ON message (sequence_id, number) WHERE sequence_id IS NOT NULL;
