-- depends: 0002.relation
-- The outbox of events to the business domains: one row per event and domain. Numbers are never reused.
CREATE TABLE domain_event (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    domain TEXT    NOT NULL,
    body   TEXT    NOT NULL, -- JSON
    queued TEXT    NOT NULL
);
CREATE INDEX domain_event_domain ON domain_event (domain, number);

-- The latest change of CPR number, birth, death or memberships per citizen, for incremental extracts.
CREATE TABLE citizen_change (
    number    INTEGER PRIMARY KEY AUTOINCREMENT,
    person_id TEXT    NOT NULL UNIQUE REFERENCES person (id)
);
INSERT INTO citizen_change (person_id) SELECT id FROM person ORDER BY id;

-- Identifies the contents: a reader with a stored position sees that the stage was reset or is another one.
CREATE TABLE generation (
    id TEXT NOT NULL
);
INSERT INTO generation VALUES (lower(hex(randomblob(8))));
