-- Which of an owner's message types go into a sub-queue; the others go into the queue itself.
-- depends: 0006.broker_position

CREATE TABLE sub_queue (
    organisation_type INTEGER NOT NULL,
    organisation_code TEXT    NOT NULL,
    system            INTEGER NOT NULL,
    message_type        TEXT    NOT NULL,
    name              TEXT    NOT NULL,
    PRIMARY KEY (organisation_type, organisation_code, system, message_type)
) WITHOUT ROWID;
