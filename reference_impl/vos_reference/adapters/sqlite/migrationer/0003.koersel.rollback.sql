DROP INDEX sekvens_aabnet;
DROP TABLE beskedabonnement;
DROP TABLE koersel;
