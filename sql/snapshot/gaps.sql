-- What of a server's tables was not kept whole although it is there.
SELECT [database], [table], state, kept, problem FROM snapshot_table
WHERE server = ?1 AND state IN ('cut', 'refused', 'failed')
ORDER BY [database], [table]
