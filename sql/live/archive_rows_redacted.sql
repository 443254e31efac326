-- Compliance events of chat rooms. @room: a pattern of LIKE for their URIs, in lower case, where the
-- whole URI is known by its pseudonym only. @from: .NET ticks.
SELECT {top} d.[cmplEventID] AS [cmplEventID], d.[cmplType] AS [cmplType],
       d.[cmplTime] AS [cmplTime], d.[cmplChannelUri] AS [cmplChannelUri],
       d.[cmplUserUri] AS [cmplUserUri], d.[cmplMessage] AS [cmplMessage]
FROM {table mgccomp.tblComplianceData} d
WHERE LOWER(d.[cmplChannelUri]) LIKE @room ESCAPE '\' AND d.[cmplTime] >= @from
ORDER BY d.[cmplEventID]
{need mgccomp.tblComplianceData.cmplEventID}{need mgccomp.tblComplianceData.cmplType}
{need mgccomp.tblComplianceData.cmplTime}{need mgccomp.tblComplianceData.cmplChannelUri}
{need mgccomp.tblComplianceData.cmplUserUri}{need mgccomp.tblComplianceData.cmplMessage}
