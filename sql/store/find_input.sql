-- An input of that size and content, and how its run ended.
SELECT input.name, run.id, run.complete, run.partial
FROM input
JOIN run ON run.id = input.run
WHERE input.size = ?1 AND input.sha256 = ?2 AND input.failed = 0
ORDER BY run.id DESC
LIMIT 1
