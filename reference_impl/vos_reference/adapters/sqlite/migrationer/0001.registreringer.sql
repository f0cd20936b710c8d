-- Citizens, their registrations and the WSRM queue. Times are ISO 8601 in UTC, so text order is time order.
CREATE TABLE person (
    id    TEXT PRIMARY KEY,
    cpr   TEXT NOT NULL,
    foedt TEXT NOT NULL,
    doed  TEXT
) WITHOUT ROWID;

-- The pointer ("pegepind") from a CPR number to a citizen; a number without a citizen is known but answers 4404.
CREATE TABLE cpr (
    cpr       TEXT PRIMARY KEY,
    person_id TEXT REFERENCES person (id)
) WITHOUT ROWID;

CREATE TABLE tilknytning (
    person_id         TEXT    NOT NULL REFERENCES person (id),
    organisation_type INTEGER NOT NULL,
    organisation_kode TEXT    NOT NULL,
    fra               TEXT    NOT NULL,
    til               TEXT
);
CREATE INDEX tilknytning_person ON tilknytning (person_id);

CREATE TABLE tilmelding (
    person_id TEXT PRIMARY KEY REFERENCES person (id),
    kategori  INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE fravaer (
    person_id TEXT    NOT NULL REFERENCES person (id),
    type      INTEGER NOT NULL,
    fra       TEXT    NOT NULL,
    til       TEXT
);
CREATE INDEX fravaer_person ON fravaer (person_id);

-- Append-only: one row for every registration and every change of it; the highest nr of an id is how it stands.
CREATE TABLE registrering (
    nr                INTEGER PRIMARY KEY AUTOINCREMENT,
    person_id         TEXT    NOT NULL REFERENCES person (id),
    id                TEXT    NOT NULL,
    art               TEXT    NOT NULL CHECK (art IN ('kontaktgruppe', 'personkategori')),
    type              INTEGER NOT NULL,
    haendelse         TEXT,
    start             TEXT    NOT NULL,
    slut              TEXT,
    er_slettet        INTEGER NOT NULL,
    registreret       TEXT    NOT NULL,
    organisation_type INTEGER NOT NULL,
    organisation_kode TEXT    NOT NULL,
    system            INTEGER NOT NULL,
    registrant        TEXT    NOT NULL -- the caller's identity whole, as JSON
);
CREATE INDEX registrering_person ON registrering (person_id, nr);
CREATE INDEX registrering_id ON registrering (id);

CREATE TABLE kald (
    id      TEXT PRIMARY KEY,
    modtaget TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE abonnement (
    organisation_type INTEGER NOT NULL,
    organisation_kode TEXT    NOT NULL,
    system            INTEGER NOT NULL,
    PRIMARY KEY (organisation_type, organisation_kode, system)
) WITHOUT ROWID;

CREATE TABLE sekvens (
    id                TEXT PRIMARY KEY,
    organisation_type INTEGER NOT NULL,
    organisation_kode TEXT    NOT NULL,
    system            INTEGER NOT NULL,
    underkoe          TEXT    NOT NULL,
    aabnet            TEXT    NOT NULL,
    UNIQUE (organisation_type, organisation_kode, system, underkoe)
) WITHOUT ROWID;

-- A waiting message; it leaves when its sequence is terminated.
CREATE TABLE besked (
    nr                INTEGER PRIMARY KEY AUTOINCREMENT,
    id                TEXT    NOT NULL,
    beskedtype        TEXT    NOT NULL,
    organisation_type INTEGER NOT NULL,
    organisation_kode TEXT    NOT NULL,
    system            INTEGER NOT NULL,
    underkoe          TEXT    NOT NULL,
    krop              TEXT    NOT NULL, -- JSON
    lagt              TEXT    NOT NULL,
    sekvens_id        TEXT REFERENCES sekvens (id)
);
CREATE INDEX besked_ejer ON besked (organisation_type, organisation_kode, system, underkoe, sekvens_id, nr);
CREATE INDEX besked_sekvens ON besked (sekvens_id, nr) WHERE sekvens_id IS NOT NULL;
