DROP TABLE generation;
DROP TABLE borgeraendring;
DROP TABLE domaenehaendelse;
