-- Publications that stay when nobody is signed in.
SELECT {top} r.[UserAtHost] AS [UserAtHost], p.[PublisherId] AS [PublisherId],
       p.[ContainerNum] AS [ContainerNum],
       {column rtc.PublishedStaticInstance.CategoryId p} AS [CategoryId],
       {column rtc.PublishedStaticInstance.InstanceNum p} AS [InstanceNum],
       {column rtc.PublishedStaticInstance.Version p} AS [Version],
       {column rtc.PublishedStaticInstance.LastPubTime p} AS [LastPubTime],
       {bytes p.[Data]} AS [Data]
FROM {table rtc.PublishedStaticInstance} p
JOIN {table rtc.Resource} r ON r.[ResourceId] = p.[PublisherId]
{need rtc.PublishedStaticInstance.ContainerNum}{need rtc.PublishedStaticInstance.Data}
WHERE LOWER(r.[UserAtHost]) LIKE @user ESCAPE '\'
