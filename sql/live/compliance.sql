-- Compliance events that not every server has handled yet: Q16 of databases.md 10. Grade A,
-- documented. @room: a LIKE pattern in lower case for the URI.
SELECT {top} d.[cmplEventID] AS [cmplEventID], d.[entryDate] AS [entryDate],
       d.[cmplType] AS [cmplType], d.[cmplTime] AS [cmplTime],
       d.[cmplChannelUri] AS [cmplChannelUri], d.[cmplUserUri] AS [cmplUserUri],
       COUNT(f.[fanoutServerID]) AS [ServersDone]
FROM {table mgccomp.tblComplianceData} d
LEFT JOIN {table mgccomp.tblComplianceFanout} f ON f.[fanoutEventID] = d.[cmplEventID]
WHERE LOWER(d.[cmplChannelUri]) LIKE @room ESCAPE '\'
GROUP BY d.[cmplEventID], d.[entryDate], d.[cmplType], d.[cmplTime], d.[cmplChannelUri],
         d.[cmplUserUri]
ORDER BY d.[cmplEventID]
{need mgccomp.tblComplianceData.cmplEventID}{need mgccomp.tblComplianceData.entryDate}
{need mgccomp.tblComplianceData.cmplType}{need mgccomp.tblComplianceData.cmplTime}
{need mgccomp.tblComplianceData.cmplChannelUri}{need mgccomp.tblComplianceData.cmplUserUri}
{need mgccomp.tblComplianceFanout.fanoutEventID}{need mgccomp.tblComplianceFanout.fanoutServerID}
