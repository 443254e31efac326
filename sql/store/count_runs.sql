-- How many runs there are.
SELECT count(*)
FROM run
