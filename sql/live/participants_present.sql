-- Everybody who has not left a room, where mgccomp lies on another instance than mgc: the program
-- compares them with live/chat_servers. Q17 of databases.md 10. @room: a LIKE pattern.
SELECT {top} p.[channelUri] AS [channelUri], p.[userUri] AS [userUri], p.[joinedAt] AS [joinedAt],
       p.[serverID] AS [serverID], p.[sessionId] AS [sessionId]
FROM {table mgccomp.tblComplianceParticipant} p
WHERE p.[partedAt] IS NULL AND LOWER(p.[channelUri]) LIKE @room ESCAPE '\'
ORDER BY p.[channelUri], p.[userUri], p.[joinedAt]
{need mgccomp.tblComplianceParticipant.channelUri}{need mgccomp.tblComplianceParticipant.userUri}
{need mgccomp.tblComplianceParticipant.joinedAt}{need mgccomp.tblComplianceParticipant.serverID}
{need mgccomp.tblComplianceParticipant.sessionId}{need mgccomp.tblComplianceParticipant.partedAt}
