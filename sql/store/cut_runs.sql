-- Runs that were cut off.
SELECT id
FROM run
WHERE complete = 0
ORDER BY id DESC
