-- depends: 0001.registrations
-- Relations of a citizen with a period: memberships, guest accesses, tilmelding, fravaer, fleksjob, aktivitetstillaeg.
-- Periods are half-open: `until` is the first day that is not included.
CREATE TABLE relation (
    number     INTEGER PRIMARY KEY,
    person_id  TEXT    NOT NULL REFERENCES person (id),
    kind       TEXT    NOT NULL CHECK (kind IN ('membership', 'guest', 'tilmelding', 'former_tilmelding', 'fravaer', 'fleksjob', 'aktivitetstillaeg')),
    id         TEXT    NOT NULL DEFAULT '',
    type       INTEGER, -- organisation type, tilmeldekategori or type of fravaer
    code       TEXT,    -- organisation code
    since      TEXT    NOT NULL,
    until      TEXT,
    registrant TEXT     -- the identity of the caller, as JSON
);
CREATE INDEX relation_person ON relation (person_id, number);
INSERT INTO relation (person_id, kind, type, code, since, until)
    SELECT person_id, 'membership', organisation_type, organisation_code, since, until FROM membership ORDER BY rowid;
INSERT INTO relation (person_id, kind, type, since) SELECT person_id, 'tilmelding', category, '2000-01-01' FROM tilmelding;
INSERT INTO relation (person_id, kind, type, since, until) SELECT person_id, 'fravaer', type, since, until FROM fravaer ORDER BY rowid;
DROP TABLE membership;
DROP TABLE tilmelding;
DROP TABLE fravaer;

-- The open illness, the state of the citizen before it, and a notified recovery in the future.
CREATE TABLE illness (
    person_id                   TEXT    PRIMARY KEY REFERENCES person (id),
    id                          TEXT    NOT NULL,
    since                       TEXT    NOT NULL,
    until                       TEXT,
    kontaktgruppe               INTEGER,
    begun                       INTEGER NOT NULL,
    fravaer_id                  TEXT    NOT NULL,
    remembered_group            INTEGER,
    remembered_tilmeldekategori INTEGER,
    registrant                  TEXT    NOT NULL, -- JSON
    recovery                    TEXT    -- JSON
) WITHOUT ROWID;

-- The first day on which a nightly job has to change a citizen.
CREATE TABLE due_date (
    person_id TEXT NOT NULL REFERENCES person (id),
    job       TEXT NOT NULL,
    day       TEXT NOT NULL,
    PRIMARY KEY (person_id, job)
) WITHOUT ROWID;
CREATE INDEX due_date_day ON due_date (job, day, person_id);
