DROP TABLE sub_queue;
