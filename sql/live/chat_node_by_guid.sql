-- A chat room by its GUID. @guid: a text.
SELECT {top} n.[nodeID] AS [nodeID], n.[nodeName] AS [nodeName],
       (SELECT MIN(c.[chatDate]) FROM {table mgc.tblChat} c WHERE c.[channelId] = n.[nodeID])
         AS [FirstTicks]
FROM {table mgc.tblNode} n
WHERE n.[nodeGuid] = @guid AND n.[nodeType] = 0
ORDER BY n.[nodeID]
