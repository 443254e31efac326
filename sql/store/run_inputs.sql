-- Names of the inputs of run ?1.
SELECT name
FROM input
WHERE run = ?1
ORDER BY id
