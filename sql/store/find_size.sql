-- Is there an input of that size? Spares the hashing of files that cannot be known.
SELECT 1
FROM input
WHERE size = ?1
LIMIT 1
