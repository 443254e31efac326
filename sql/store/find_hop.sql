-- The same direction, written before.
SELECT id
FROM hop
WHERE source IS ?1 AND source_port IS ?2 AND destination IS ?3 AND destination_port IS ?4
  AND transport = ?5
