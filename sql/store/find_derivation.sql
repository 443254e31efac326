-- Are the derived tables those of ?1 (program), ?2 (their version), ?3 (rules), of all runs?
SELECT 1
FROM derivation
WHERE complete = 1 AND tool = ?1 AND schema = ?2 AND rules = ?3
  AND last_run IS (SELECT max(id) FROM run)
