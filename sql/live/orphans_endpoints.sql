-- Endpoints that are expired or have no registration: Q10 of databases.md 10. Grade A.
-- @now: a time. Finding: 1 no registration, 2 expired, 3 both.
SELECT {top} ep.[EndpointId] AS [EndpointId], re.[OwnerId] AS [OwnerId],
       r.[UserAtHost] AS [UserAtHost], ep.[ExpiresAt] AS [ExpiresAt],
       CASE WHEN re.[EndpointId] IS NULL AND ep.[ExpiresAt] < @now THEN 3
            WHEN re.[EndpointId] IS NULL THEN 1 ELSE 2 END AS [Finding]
FROM {table rtcdyn.Endpoint} ep
LEFT JOIN {table rtcdyn.RegistrarEndpoint} re ON re.[EndpointId] = ep.[EndpointId]
LEFT JOIN {table rtc.Resource} r ON r.[ResourceId] = re.[OwnerId]
WHERE re.[EndpointId] IS NULL OR ep.[ExpiresAt] < @now
ORDER BY ep.[EndpointId]
{need rtcdyn.Endpoint.EndpointId}{need rtcdyn.Endpoint.ExpiresAt}
{need rtcdyn.RegistrarEndpoint.EndpointId}{need rtcdyn.RegistrarEndpoint.OwnerId}
{need rtc.Resource.ResourceId}{need rtc.Resource.UserAtHost}
