-- depends: 0002.relation
-- The outbox of events to the business domains, one row per event and domain. Numbers are never used twice.
CREATE TABLE domain_event (
    number      INTEGER PRIMARY KEY AUTOINCREMENT,
    domain TEXT NOT NULL,
    body    TEXT NOT NULL, -- JSON
    queued    TEXT NOT NULL
);
CREATE INDEX domain_event_domain ON domain_event (domain, number);

-- The newest change of each citizen's number, birth, death or memberships, for extracts of what is new.
CREATE TABLE citizen_change (
    number        INTEGER PRIMARY KEY AUTOINCREMENT,
    person_id TEXT NOT NULL UNIQUE REFERENCES person (id)
);
INSERT INTO citizen_change (person_id) SELECT id FROM person ORDER BY id;

-- Names the contents: a reader who kept its place sees that the stage was emptied, or is another one.
CREATE TABLE generation (
    id TEXT NOT NULL
);
INSERT INTO generation VALUES (lower(hex(randomblob(8))));
