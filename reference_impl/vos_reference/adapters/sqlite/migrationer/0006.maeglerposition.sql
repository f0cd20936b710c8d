-- How far each broker has confirmed each business domain's events. A broker that was never published to begins at 0.
-- depends: 0005.wsb

CREATE TABLE maeglerposition (
    maegler TEXT    NOT NULL,
    domaene TEXT    NOT NULL,
    nr      INTEGER NOT NULL,
    PRIMARY KEY (maegler, domaene)
) WITHOUT ROWID;
