-- How far each compliance adapter is behind the newest event: Q16 of databases.md 10, second query.
-- Grade A, documented.
SELECT {top} s.[lastProcessedEntryID] AS [lastProcessedEntryID],
       s.[activeServerID] AS [activeServerID], s.[lockExpirationTime] AS [lockExpirationTime],
       (SELECT MAX(d.[cmplEventID]) FROM {table mgccomp.tblComplianceData} d) AS [NewestEvent]
FROM {table mgccomp.tblComplianceState} s
ORDER BY s.[lastProcessedEntryID]
{need mgccomp.tblComplianceState.lastProcessedEntryID}
{need mgccomp.tblComplianceState.activeServerID}
{need mgccomp.tblComplianceState.lockExpirationTime}{need mgccomp.tblComplianceData.cmplEventID}
