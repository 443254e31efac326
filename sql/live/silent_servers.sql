-- Chat servers that have not pinged since a time: Q18 of databases.md 10. Grade A, documented.
-- @limit: a time.
SELECT {top} s.[serverID] AS [serverID], s.[serverAddress] AS [serverAddress],
       s.[serverLastPingTime] AS [serverLastPingTime]
FROM {table mgc.tblServerIdentity} s
WHERE s.[serverLastPingTime] IS NULL OR s.[serverLastPingTime] < @limit
ORDER BY s.[serverID]
{need mgc.tblServerIdentity.serverID}{need mgc.tblServerIdentity.serverAddress}
{need mgc.tblServerIdentity.serverLastPingTime}
