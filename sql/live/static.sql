-- Static publications of users: Q8 of databases.md 10. Grade A; InstanceNum and LastPubTime are
-- inferred. The same row lies on up to three front ends: the highest version counts.
-- @user: a LIKE pattern in lower case.
SELECT {top} r.[UserAtHost] AS [UserAtHost],
       {if rtc.CategoryDef.Name}cd.[Name]{else}NULL{end} AS [Category],
       s.[CategoryId] AS [CategoryId], s.[ContainerNum] AS [ContainerNum],
       {column rtc.PublishedStaticInstance.InstanceNum s} AS [InstanceNum],
       {column rtc.PublishedStaticInstance.Version s} AS [Version],
       {column rtc.PublishedStaticInstance.LastPubTime s} AS [LastPubTime],
       {length s.[Data]} AS [Bytes], {bytes s.[Data]} AS [Data]
FROM {table rtc.PublishedStaticInstance} s
JOIN {table rtc.Resource} r ON r.[ResourceId] = s.[PublisherId]
{if rtc.CategoryDef.Name}
LEFT JOIN {table rtc.CategoryDef} cd ON cd.[CategoryId] = s.[CategoryId]
{need rtc.CategoryDef.CategoryId}
{end}
WHERE LOWER(r.[UserAtHost]) LIKE @user ESCAPE '\'
ORDER BY r.[UserAtHost], s.[CategoryId], s.[ContainerNum]
{need rtc.PublishedStaticInstance.PublisherId}{need rtc.PublishedStaticInstance.CategoryId}
{need rtc.PublishedStaticInstance.ContainerNum}{need rtc.PublishedStaticInstance.Data}
{need rtc.Resource.ResourceId}{need rtc.Resource.UserAtHost}
