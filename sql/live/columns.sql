-- Which columns a database has: only those the login may see are listed (databases.md 7).
SELECT [TABLE_NAME], [COLUMN_NAME], [DATA_TYPE], [CHARACTER_MAXIMUM_LENGTH], [IS_NULLABLE],
       [ORDINAL_POSITION]
FROM {database}.[INFORMATION_SCHEMA].[COLUMNS]
ORDER BY [TABLE_NAME], [ORDINAL_POSITION]
