-- Endpoint-, user- and time-bound publications: the whole document as bytes.
SELECT {top} r.[UserAtHost] AS [UserAtHost], p.[PublisherId] AS [PublisherId],
       p.[ContainerNum] AS [ContainerNum],
       {column rtcdyn.PublishedInstance.CategoryId p} AS [CategoryId],
       {column rtcdyn.PublishedInstance.InstanceNum p} AS [InstanceNum],
       {column rtcdyn.PublishedInstance.EndpointId p} AS [EndpointId],
       {column rtcdyn.PublishedInstance.Version p} AS [Version],
       {column rtcdyn.PublishedInstance.LastPubTime p} AS [LastPubTime],
       {column rtcdyn.PublishedInstance.ExpiresAt p} AS [ExpiresAt],
       {bytes p.[Data]} AS [Data]
FROM {table rtcdyn.PublishedInstance} p
JOIN {table rtc.Resource} r ON r.[ResourceId] = p.[PublisherId]
{need rtcdyn.PublishedInstance.ContainerNum}{need rtcdyn.PublishedInstance.Data}
WHERE LOWER(r.[UserAtHost]) LIKE @user ESCAPE '\'
