-- Webservice messages: subscriber systems, subscriptions, and waiting messages.
-- depends: 0004.domain_events

CREATE TABLE wsb_system (
    id            TEXT PRIMARY KEY,
    base_url      TEXT NOT NULL,
    organisations TEXT NOT NULL -- JSON
) WITHOUT ROWID;

CREATE TABLE wsb_subscription (
    system_id         TEXT    NOT NULL REFERENCES wsb_system (id),
    organisation_type INTEGER NOT NULL,
    organisation_code TEXT    NOT NULL,
    entity_id         INTEGER NOT NULL,
    webhook           TEXT    NOT NULL,
    since             TEXT    NOT NULL,
    until             TEXT,
    PRIMARY KEY (organisation_type, organisation_code, entity_id, system_id)
) WITHOUT ROWID;

-- A line is the messages to one recipient about one citizen. `next_attempt` is set on the oldest waiting message of each line
-- only, so that due messages are found without reading the messages behind them. A dead letter is in no line.
CREATE TABLE wsb (
    number            INTEGER PRIMARY KEY AUTOINCREMENT,
    id                TEXT    NOT NULL,
    system_id         TEXT    NOT NULL,
    organisation_type INTEGER NOT NULL,
    organisation_code TEXT    NOT NULL,
    entity_id         INTEGER NOT NULL,
    citizen_id        TEXT    NOT NULL,
    body              TEXT    NOT NULL, -- JSON
    queued            TEXT    NOT NULL,
    attempt           INTEGER NOT NULL DEFAULT 0,
    next_attempt      TEXT,
    dead              INTEGER NOT NULL DEFAULT 0,
    reason            TEXT    NOT NULL DEFAULT ''
);
CREATE INDEX wsb_line ON wsb (system_id, organisation_type, organisation_code, citizen_id, number) WHERE dead = 0;
CREATE INDEX wsb_due_date ON wsb (system_id, organisation_type, organisation_code, next_attempt, number) WHERE next_attempt IS NOT NULL;
CREATE INDEX wsb_next ON wsb (next_attempt) WHERE next_attempt IS NOT NULL;
CREATE INDEX wsb_dead ON wsb (number) WHERE dead = 1;
