-- The number of the last event that each broker confirmed, per business domain. A new broker starts at 0.
-- depends: 0005.wsb

CREATE TABLE broker_position (
    broker TEXT    NOT NULL,
    domain TEXT    NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (broker, domain)
) WITHOUT ROWID;
