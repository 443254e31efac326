-- All inputs of all runs. Columns: sql/store_rows.h.
SELECT id, run, name, kind, compression, size, sha256, records, first_time, last_time, truncated,
       failed
FROM input
ORDER BY id
