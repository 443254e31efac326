-- Published documents of users, all containers: Q3 of databases.md 10. Grade A; InstanceNum,
-- EndpointId, Version, ExpiresAt and the category are inferred.
-- @user: a LIKE pattern in lower case.
SELECT {top} r.[UserAtHost] AS [UserAtHost], p.[ContainerNum] AS [ContainerNum],
       {if rtc.CategoryDef.Name}cd.[Name]{else}NULL{end} AS [Category],
       {column rtcdyn.PublishedInstance.InstanceNum p} AS [InstanceNum],
       {column rtcdyn.PublishedInstance.EndpointId p} AS [EndpointId],
       {column rtcdyn.PublishedInstance.Version p} AS [Version],
       p.[LastPubTime] AS [LastPubTime],
       {column rtcdyn.PublishedInstance.ExpiresAt p} AS [ExpiresAt],
       {bytes p.[Data]} AS [Data]
FROM {table rtcdyn.PublishedInstance} p
JOIN {table rtc.Resource} r ON r.[ResourceId] = p.[PublisherId]
{if rtc.CategoryDef.Name}
LEFT JOIN {table rtc.CategoryDef} cd
  ON cd.[CategoryId] = {column rtcdyn.PublishedInstance.CategoryId p}
{need rtc.CategoryDef.CategoryId}
{end}
WHERE LOWER(r.[UserAtHost]) LIKE @user ESCAPE '\'
ORDER BY r.[UserAtHost], p.[ContainerNum], p.[LastPubTime] DESC
{need rtcdyn.PublishedInstance.PublisherId}{need rtcdyn.PublishedInstance.ContainerNum}
{need rtcdyn.PublishedInstance.LastPubTime}{need rtcdyn.PublishedInstance.Data}
{need rtc.Resource.ResourceId}{need rtc.Resource.UserAtHost}
