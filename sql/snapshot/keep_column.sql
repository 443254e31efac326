-- A column whose values are in the file.
UPDATE snapshot_column SET kept = 1
WHERE server = ?1 AND [database] = ?2 AND [table] = ?3 AND [column] = ?4
