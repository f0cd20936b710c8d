DROP TABLE wsb;
DROP TABLE wsb_abonnement;
DROP TABLE wsb_system;
