-- depends: 0002.relation
-- One row per run of the nightly jobs. Cursor and counts are updated in the transaction that changes the citizens.
CREATE TABLE run (
    number  INTEGER PRIMARY KEY AUTOINCREMENT,
    id      TEXT    NOT NULL UNIQUE,
    day     TEXT    NOT NULL,
    kind    TEXT    NOT NULL CHECK (kind IN ('delta', 'full')),
    instant TEXT    NOT NULL,
    nightly INTEGER NOT NULL,
    status  TEXT    NOT NULL CHECK (status IN ('running', 'finished', 'before_stage')),
    cursor  TEXT    NOT NULL,
    total   INTEGER NOT NULL,
    seen    INTEGER NOT NULL,
    seconds REAL    NOT NULL,
    counts  TEXT    NOT NULL -- per job the citizens seen and changed, as JSON
);
CREATE INDEX run_night ON run (day) WHERE nightly;

-- Subscribers of the message types that go to subscribers only. The other message types need no row.
CREATE TABLE message_subscription (
    organisation_type INTEGER NOT NULL,
    organisation_code TEXT    NOT NULL,
    system            INTEGER NOT NULL,
    message_type      TEXT    NOT NULL,
    PRIMARY KEY (organisation_type, organisation_code, message_type, system)
) WITHOUT ROWID;
CREATE INDEX sequence_opened ON sequence (opened);
