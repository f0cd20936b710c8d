-- A citizen's health limitations are relations too. SQLite cannot extend a CHECK, so the table is built anew.
-- depends: 0008.clock

CREATE TABLE relation_new (
    number     INTEGER PRIMARY KEY,
    person_id  TEXT    NOT NULL REFERENCES person (id),
    kind       TEXT    NOT NULL CHECK (kind IN ('membership', 'guest', 'tilmelding', 'former_tilmelding', 'fravaer', 'fleksjob', 'aktivitetstillaeg', 'helbredsbegraensning')),
    id         TEXT    NOT NULL DEFAULT '',
    type       INTEGER, -- organisation type, tilmeldekategori or type of fravaer
    code       TEXT,    -- organisation code
    since      TEXT    NOT NULL,
    until      TEXT,
    registrant TEXT,    -- the identity of the caller, as JSON
    detail     TEXT     -- the whole helbredsbegraensning, as JSON
);
INSERT INTO relation_new (number, person_id, kind, id, type, code, since, until, registrant) SELECT number, person_id, kind, id, type, code, since, until, registrant FROM relation;
DROP TABLE relation;
ALTER TABLE relation_new RENAME TO relation;
CREATE INDEX relation_person ON relation (person_id, number);
