-- A chat room by its number. @node: a number.
SELECT {top} n.[nodeID] AS [nodeID], n.[nodeName] AS [nodeName],
       (SELECT MIN(c.[chatDate]) FROM {table mgc.tblChat} c WHERE c.[channelId] = n.[nodeID])
         AS [FirstTicks]
FROM {table mgc.tblNode} n
WHERE n.[nodeID] = @node AND n.[nodeType] = 0
ORDER BY n.[nodeID]
