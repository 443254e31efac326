-- A body with that digest.
SELECT id
FROM body
WHERE digest = ?1
