DROP INDEX sequence_opened;
DROP TABLE message_subscription;
DROP TABLE run;
