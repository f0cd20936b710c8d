DROP TABLE underkoe;
