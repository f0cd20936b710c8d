-- depends: 0002.forhold
-- One row for every run of the nightly jobs; markoer and tal move in the same transaction as what the run changes.
CREATE TABLE koersel (
    nr        INTEGER PRIMARY KEY AUTOINCREMENT,
    id        TEXT    NOT NULL UNIQUE,
    dag       TEXT    NOT NULL,
    art       TEXT    NOT NULL CHECK (art IN ('delta', 'fuld')),
    tidspunkt TEXT    NOT NULL,
    natlig    INTEGER NOT NULL,
    status    TEXT    NOT NULL CHECK (status IN ('i_gang', 'faerdig', 'foer_scenen')),
    markoer   TEXT    NOT NULL,
    i_alt     INTEGER NOT NULL,
    sete      INTEGER NOT NULL,
    sekunder  REAL    NOT NULL,
    tal       TEXT    NOT NULL -- per job what it looked at and changed, as JSON
);
CREATE INDEX koersel_nat ON koersel (dag) WHERE natlig;

-- Who subscribes to a message that is sent to subscribers only; the other messages need no row here.
CREATE TABLE beskedabonnement (
    organisation_type INTEGER NOT NULL,
    organisation_kode TEXT    NOT NULL,
    system            INTEGER NOT NULL,
    beskedtype        TEXT    NOT NULL,
    PRIMARY KEY (organisation_type, organisation_kode, beskedtype, system)
) WITHOUT ROWID;
CREATE INDEX sekvens_aabnet ON sekvens (aabnet);
