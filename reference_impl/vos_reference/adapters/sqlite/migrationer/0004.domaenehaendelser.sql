-- depends: 0002.forhold
-- The outbox of events to the business domains, one row per event and domain. Numbers are never used twice.
CREATE TABLE domaenehaendelse (
    nr      INTEGER PRIMARY KEY AUTOINCREMENT,
    domaene TEXT NOT NULL,
    krop    TEXT NOT NULL, -- JSON
    lagt    TEXT NOT NULL
);
CREATE INDEX domaenehaendelse_domaene ON domaenehaendelse (domaene, nr);

-- The newest change of each citizen's number, birth, death or memberships, for extracts of what is new.
CREATE TABLE borgeraendring (
    nr        INTEGER PRIMARY KEY AUTOINCREMENT,
    person_id TEXT NOT NULL UNIQUE REFERENCES person (id)
);
INSERT INTO borgeraendring (person_id) SELECT id FROM person ORDER BY id;

-- Names the contents: a reader who kept its place sees that the stage was emptied, or is another one.
CREATE TABLE generation (
    id TEXT NOT NULL
);
INSERT INTO generation VALUES (lower(hex(randomblob(8))));
