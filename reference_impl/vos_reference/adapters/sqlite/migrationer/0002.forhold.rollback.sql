DROP TABLE forfald;
DROP TABLE sygdom;
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
INSERT INTO tilknytning SELECT person_id, type, kode, fra, til FROM forhold WHERE art = 'tilknytning' ORDER BY nr;
INSERT INTO tilmelding SELECT person_id, type FROM forhold WHERE art = 'tilmelding';
INSERT INTO fravaer SELECT person_id, type, fra, til FROM forhold WHERE art = 'fravaer' ORDER BY nr;
DROP TABLE forhold;
