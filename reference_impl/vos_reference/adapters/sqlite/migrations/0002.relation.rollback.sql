DROP TABLE due_date;
DROP TABLE illness;
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
INSERT INTO membership SELECT person_id, type, code, since, until FROM relation WHERE kind = 'membership' ORDER BY number;
INSERT INTO tilmelding SELECT person_id, type FROM relation WHERE kind = 'tilmelding';
INSERT INTO fravaer SELECT person_id, type, since, until FROM relation WHERE kind = 'fravaer' ORDER BY number;
DROP TABLE relation;
