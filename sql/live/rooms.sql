-- Chat rooms with their settings and activity: Q14 of databases.md 10. Grade A, documented.
-- @room: a LIKE pattern in lower case for the name; @node: a room's number, or -1.
SELECT {top} n.[nodeID] AS [nodeID], n.[nodeName] AS [nodeName], c.[nodeName] AS [Category],
       n.[disabled] AS [disabled], n.[behavior] AS [behavior], n.[visibility] AS [visibility],
       (SELECT COUNT(*) FROM {table mgc.tblChat} t WHERE t.[channelId] = n.[nodeID]) AS [Messages],
       (SELECT MAX(t.[chatDate]) FROM {table mgc.tblChat} t
        WHERE t.[channelId] = n.[nodeID]) AS [LastTicks]
FROM {table mgc.tblNode} n
LEFT JOIN {table mgc.tblNode} c ON c.[nodeID] = n.[parentID]
WHERE n.[nodeType] = 0 AND (LOWER(n.[nodeName]) LIKE @room ESCAPE '\' OR n.[nodeID] = @node)
ORDER BY n.[nodeName], n.[nodeID]
{need mgc.tblNode.nodeID}{need mgc.tblNode.nodeName}{need mgc.tblNode.parentID}
{need mgc.tblNode.nodeType}{need mgc.tblNode.disabled}{need mgc.tblNode.behavior}
{need mgc.tblNode.visibility}{need mgc.tblChat.channelId}{need mgc.tblChat.chatDate}
