-- How far each broker has confirmed each business domain's events. A broker that was never published to begins at 0.
-- depends: 0005.wsb

CREATE TABLE broker_position (
    broker TEXT    NOT NULL,
    domain TEXT    NOT NULL,
    number      INTEGER NOT NULL,
    PRIMARY KEY (broker, domain)
) WITHOUT ROWID;
