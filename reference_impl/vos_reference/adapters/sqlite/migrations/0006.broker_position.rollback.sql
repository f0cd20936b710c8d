DROP TABLE broker_position;
