-- Tables of which a server has rows here.
SELECT [database], [table] FROM snapshot_column WHERE server = ?1 AND kept = 1
GROUP BY [database], [table]
