-- Where the clock stood when it was last moved: a stage that is started again goes on from there.
-- depends: 0007.sub_queue

CREATE TABLE clock (
    number        INTEGER PRIMARY KEY CHECK (number = 1),
    instant TEXT    NOT NULL
);
