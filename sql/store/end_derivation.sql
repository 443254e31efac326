-- The derived tables are complete.
UPDATE derivation
SET complete = 1, last_run = (SELECT max(id) FROM run)
