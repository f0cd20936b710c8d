-- The instant that the clock was last moved to. A stage that is started again continues from it.
-- depends: 0007.sub_queue

CREATE TABLE clock (
    number  INTEGER PRIMARY KEY CHECK (number = 1),
    instant TEXT    NOT NULL
);
