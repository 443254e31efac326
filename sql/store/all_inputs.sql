-- Ids of all inputs, as a reader numbers them.
SELECT id
FROM input
ORDER BY id
