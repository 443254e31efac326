-- Publications of users without a registration on this front end, or older than a limit: Q9 of
-- databases.md 10. Grade A. The program takes out who is registered with another front end.
-- @user: a LIKE pattern in lower case; @limit: a time.
SELECT {top} r.[UserAtHost] AS [UserAtHost], p.[ContainerNum] AS [ContainerNum],
       p.[LastPubTime] AS [LastPubTime],
       CASE WHEN re.[OwnerId] IS NULL THEN 1 ELSE 0 END AS [NoRegistration],
       CASE WHEN p.[LastPubTime] < @limit THEN 1 ELSE 0 END AS [Old]
FROM {table rtcdyn.PublishedInstance} p
JOIN {table rtc.Resource} r ON r.[ResourceId] = p.[PublisherId]
LEFT JOIN (SELECT DISTINCT x.[OwnerId] FROM {table rtcdyn.RegistrarEndpoint} x) re
  ON re.[OwnerId] = p.[PublisherId]
WHERE (re.[OwnerId] IS NULL OR p.[LastPubTime] < @limit)
  AND LOWER(r.[UserAtHost]) LIKE @user ESCAPE '\'
ORDER BY p.[LastPubTime], r.[UserAtHost], p.[ContainerNum]
{need rtcdyn.PublishedInstance.PublisherId}{need rtcdyn.PublishedInstance.ContainerNum}
{need rtcdyn.PublishedInstance.LastPubTime}{need rtcdyn.RegistrarEndpoint.OwnerId}
{need rtc.Resource.ResourceId}{need rtc.Resource.UserAtHost}
