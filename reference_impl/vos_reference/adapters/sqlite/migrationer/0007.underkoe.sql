-- Which of an owner's message types go into a sub-queue; the others go into the queue itself.
-- depends: 0006.maeglerposition

CREATE TABLE underkoe (
    organisation_type INTEGER NOT NULL,
    organisation_kode TEXT    NOT NULL,
    system            INTEGER NOT NULL,
    beskedtype        TEXT    NOT NULL,
    navn              TEXT    NOT NULL,
    PRIMARY KEY (organisation_type, organisation_kode, system, beskedtype)
) WITHOUT ROWID;
