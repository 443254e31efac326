-- What the category numbers mean on this server.
SELECT {top} c.[CategoryId] AS [CategoryId], c.[Name] AS [Name]
FROM {table rtc.CategoryDef} c
