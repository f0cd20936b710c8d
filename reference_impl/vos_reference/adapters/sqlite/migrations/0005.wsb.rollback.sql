DROP TABLE wsb;
DROP TABLE wsb_subscription;
DROP TABLE wsb_system;
