-- The next table begins.
DELETE FROM temp.seen
