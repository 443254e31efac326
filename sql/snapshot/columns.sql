-- Which columns of a server a snapshot has.
SELECT [table] AS TABLE_NAME, [column] AS COLUMN_NAME, [type] AS DATA_TYPE,
       [length] AS CHARACTER_MAXIMUM_LENGTH, [nullable] AS IS_NULLABLE,
       [ordinal] AS ORDINAL_POSITION
FROM snapshot_column
WHERE server = @server AND [database] = @database AND kept = 1
ORDER BY [table], [ordinal], [column]
