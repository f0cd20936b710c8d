-- The message types that an owner has put in a sub-queue. All other types go to the queue itself.
-- depends: 0006.broker_position

CREATE TABLE sub_queue (
    organisation_type INTEGER NOT NULL,
    organisation_code TEXT    NOT NULL,
    system            INTEGER NOT NULL,
    message_type      TEXT    NOT NULL,
    name              TEXT    NOT NULL,
    PRIMARY KEY (organisation_type, organisation_code, system, message_type)
) WITHOUT ROWID;
