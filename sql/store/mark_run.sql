-- Run ?1 is to go: drop_run.sql does it.
UPDATE run
SET complete = -1
WHERE id = ?1
