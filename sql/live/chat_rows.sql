-- What was said in a room. @node: its number. @from, @to: .NET ticks.
SELECT {top} c.[chatDate] AS [chatDate], p.[prinUri] AS [prinUri], c.[content] AS [content]
FROM {table mgc.tblChat} c
LEFT JOIN {table mgc.tblPrincipal} p ON p.[prinID] = c.[userId]
WHERE c.[channelId] = @node AND c.[chatDate] >= @from AND c.[chatDate] <= @to
ORDER BY c.[chatDate]
