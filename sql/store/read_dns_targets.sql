-- Service records of the answer ?1. Columns: sql/store_rows.h.
SELECT host, port, priority, weight
FROM dns_target
WHERE sequence = ?1
ORDER BY number
