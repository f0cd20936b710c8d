-- Where the clock stood when it was last moved: a stage that is started again goes on from there.
-- depends: 0007.underkoe

CREATE TABLE ur (
    nr        INTEGER PRIMARY KEY CHECK (nr = 1),
    tidspunkt TEXT    NOT NULL
);
