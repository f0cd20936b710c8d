DROP TABLE maeglerposition;
