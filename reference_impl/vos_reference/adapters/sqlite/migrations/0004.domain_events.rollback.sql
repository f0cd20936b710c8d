DROP TABLE generation;
DROP TABLE citizen_change;
DROP TABLE domain_event;
