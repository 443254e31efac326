-- Registrations without owner or endpoint: Q10 of databases.md 10, second query. Grade A.
-- Finding: 4 owner missing, 5 endpoint missing, 6 both.
SELECT {top} re.[EndpointId] AS [EndpointId], re.[OwnerId] AS [OwnerId],
       r.[UserAtHost] AS [UserAtHost],
       CASE WHEN r.[ResourceId] IS NULL AND ep.[EndpointId] IS NULL THEN 6
            WHEN r.[ResourceId] IS NULL THEN 4 ELSE 5 END AS [Finding]
FROM {table rtcdyn.RegistrarEndpoint} re
LEFT JOIN {table rtc.Resource} r ON r.[ResourceId] = re.[OwnerId]
LEFT JOIN {table rtcdyn.Endpoint} ep ON ep.[EndpointId] = re.[EndpointId]
WHERE r.[ResourceId] IS NULL OR ep.[EndpointId] IS NULL
ORDER BY re.[EndpointId]
{need rtcdyn.Endpoint.EndpointId}
{need rtcdyn.RegistrarEndpoint.EndpointId}{need rtcdyn.RegistrarEndpoint.OwnerId}
{need rtc.Resource.ResourceId}{need rtc.Resource.UserAtHost}
