-- Webservice messages: who may subscribe, who subscribes, and what waits.
-- depends: 0004.domaenehaendelser

CREATE TABLE wsb_system (
    id             TEXT PRIMARY KEY,
    base_url       TEXT NOT NULL,
    organisationer TEXT NOT NULL -- JSON
) WITHOUT ROWID;

CREATE TABLE wsb_abonnement (
    system_id         TEXT    NOT NULL REFERENCES wsb_system (id),
    organisation_type INTEGER NOT NULL,
    organisation_kode TEXT    NOT NULL,
    entitet_id        INTEGER NOT NULL,
    webhook           TEXT    NOT NULL,
    fra               TEXT    NOT NULL,
    til               TEXT,
    PRIMARY KEY (organisation_type, organisation_kode, entitet_id, system_id)
) WITHOUT ROWID;

-- A line is one receiver's messages about one citizen. `naeste` is set on the oldest waiting one of each line and on no other,
-- so that what is due is found without looking at what waits behind it. A dead letter waits in no line.
CREATE TABLE wsb (
    nr                INTEGER PRIMARY KEY AUTOINCREMENT,
    id                TEXT    NOT NULL,
    system_id         TEXT    NOT NULL,
    organisation_type INTEGER NOT NULL,
    organisation_kode TEXT    NOT NULL,
    entitet_id        INTEGER NOT NULL,
    borger_id         TEXT    NOT NULL,
    krop              TEXT    NOT NULL, -- JSON
    lagt              TEXT    NOT NULL,
    forsoeg           INTEGER NOT NULL DEFAULT 0,
    naeste            TEXT,
    doed              INTEGER NOT NULL DEFAULT 0,
    grund             TEXT    NOT NULL DEFAULT ''
);
CREATE INDEX wsb_linje ON wsb (system_id, organisation_type, organisation_kode, borger_id, nr) WHERE doed = 0;
CREATE INDEX wsb_forfald ON wsb (system_id, organisation_type, organisation_kode, naeste, nr) WHERE naeste IS NOT NULL;
CREATE INDEX wsb_naeste ON wsb (naeste) WHERE naeste IS NOT NULL;
CREATE INDEX wsb_doed ON wsb (nr) WHERE doed = 1;
