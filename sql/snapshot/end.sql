-- Every table of a server was asked for.
UPDATE snapshot
SET ended = ?2,
    complete = NOT EXISTS (SELECT 1 FROM snapshot_table
                           WHERE server = ?1 AND state IN ('cut', 'refused', 'failed'))
WHERE server = ?1
