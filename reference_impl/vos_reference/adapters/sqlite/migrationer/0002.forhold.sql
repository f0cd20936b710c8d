-- depends: 0001.registreringer
-- What a citizen is in for a period: memberships, guest accesses, enrolments, absences, flexjobs, allowances. Days are half-open.
CREATE TABLE forhold (
    nr         INTEGER PRIMARY KEY,
    person_id  TEXT NOT NULL REFERENCES person (id),
    art        TEXT NOT NULL CHECK (art IN ('tilknytning', 'gaest', 'tilmelding', 'tidligere_tilmelding', 'fravaer', 'fleksjob', 'tillaeg')),
    id         TEXT NOT NULL DEFAULT '',
    type       INTEGER, -- organisation type, enrolment category or absence type
    kode       TEXT,    -- organisation code
    fra        TEXT NOT NULL,
    til        TEXT,
    registrant TEXT     -- the caller's identity whole, as JSON
);
CREATE INDEX forhold_person ON forhold (person_id, nr);
INSERT INTO forhold (person_id, art, type, kode, fra, til)
    SELECT person_id, 'tilknytning', organisation_type, organisation_kode, fra, til FROM tilknytning ORDER BY rowid;
INSERT INTO forhold (person_id, art, type, fra) SELECT person_id, 'tilmelding', kategori, '2000-01-01' FROM tilmelding;
INSERT INTO forhold (person_id, art, type, fra, til) SELECT person_id, 'fravaer', type, fra, til FROM fravaer ORDER BY rowid;
DROP TABLE tilknytning;
DROP TABLE tilmelding;
DROP TABLE fravaer;

-- The open sickness, what the citizen came from, and a recovery that lies ahead.
CREATE TABLE sygdom (
    person_id               TEXT PRIMARY KEY REFERENCES person (id),
    id                      TEXT NOT NULL,
    fra                     TEXT NOT NULL,
    til                     TEXT,
    kontaktgruppe           INTEGER,
    begyndt                 INTEGER NOT NULL,
    fravaer_id              TEXT NOT NULL,
    husket_gruppe           INTEGER,
    husket_tilmeldekategori INTEGER,
    registrant              TEXT NOT NULL, -- JSON
    raskmelding             TEXT           -- JSON
) WITHOUT ROWID;

-- The first day on which a nightly job has something to do to a citizen.
CREATE TABLE forfald (
    person_id TEXT NOT NULL REFERENCES person (id),
    job       TEXT NOT NULL,
    dag       TEXT NOT NULL,
    PRIMARY KEY (person_id, job)
) WITHOUT ROWID;
CREATE INDEX forfald_dag ON forfald (job, dag, person_id);
