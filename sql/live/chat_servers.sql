-- The chat servers that are listed, for the report of participants. Grade A, documented.
SELECT {top} s.[serverID] AS [serverID]
FROM {table mgc.tblServerIdentity} s
ORDER BY s.[serverID]
{need mgc.tblServerIdentity.serverID}
