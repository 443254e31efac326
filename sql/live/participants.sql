-- Participants whose chat server is not listed any more: Q17 of databases.md 10. Grade A,
-- documented. For a server that has both databases. @room: a LIKE pattern in lower case.
SELECT {top} p.[channelUri] AS [channelUri], p.[userUri] AS [userUri], p.[joinedAt] AS [joinedAt],
       p.[serverID] AS [serverID], p.[sessionId] AS [sessionId]
FROM {table mgccomp.tblComplianceParticipant} p
LEFT JOIN {table mgc.tblServerIdentity} s ON s.[serverID] = p.[serverID]
WHERE p.[partedAt] IS NULL AND s.[serverID] IS NULL
  AND LOWER(p.[channelUri]) LIKE @room ESCAPE '\'
ORDER BY p.[channelUri], p.[userUri], p.[joinedAt]
{need mgccomp.tblComplianceParticipant.channelUri}{need mgccomp.tblComplianceParticipant.userUri}
{need mgccomp.tblComplianceParticipant.joinedAt}{need mgccomp.tblComplianceParticipant.serverID}
{need mgccomp.tblComplianceParticipant.sessionId}{need mgccomp.tblComplianceParticipant.partedAt}
{need mgc.tblServerIdentity.serverID}
