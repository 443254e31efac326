-- Each registration with its client, to be grouped by the program: Q2 of databases.md 10. Grade A.
-- Counted there, because one user is registered with several front ends.
SELECT {top} {bytes 256 re.[ClientApp]} AS [ClientApp], re.[OwnerId] AS [OwnerId],
       re.[EndpointId] AS [EndpointId], r.[UserAtHost] AS [UserAtHost]
FROM {table rtcdyn.RegistrarEndpoint} re
LEFT JOIN {table rtc.Resource} r ON r.[ResourceId] = re.[OwnerId]
ORDER BY re.[OwnerId], re.[EndpointId]
{need rtcdyn.RegistrarEndpoint.ClientApp}{need rtcdyn.RegistrarEndpoint.OwnerId}
{need rtcdyn.RegistrarEndpoint.EndpointId}
{need rtc.Resource.ResourceId}{need rtc.Resource.UserAtHost}
