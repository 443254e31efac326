-- Live subscriptions: Q6 of databases.md 10. Grade C: no source shows this table.
-- @user: a LIKE pattern in lower case, for the one who is watched.
SELECT {top} p.[UserAtHost] AS [UserAtHost], w.[UserAtHost] AS [Watcher],
       {if rtc.CategoryDef.Name}cd.[Name]{else}NULL{end} AS [Category],
       {column rtcdyn.Subscription.CategoryId s} AS [CategoryId],
       {column rtcdyn.Subscription.ExpiresAt s} AS [ExpiresAt]
FROM {table rtcdyn.Subscription} s
JOIN {table rtc.Resource} w ON w.[ResourceId] = s.[SubscriberId]
JOIN {table rtc.Resource} p ON p.[ResourceId] = s.[PublisherId]
{if rtc.CategoryDef.Name}
LEFT JOIN {table rtc.CategoryDef} cd
  ON cd.[CategoryId] = {column rtcdyn.Subscription.CategoryId s}
{need rtc.CategoryDef.CategoryId}
{end}
WHERE LOWER(p.[UserAtHost]) LIKE @user ESCAPE '\'
ORDER BY p.[UserAtHost], w.[UserAtHost]
{need rtcdyn.Subscription.SubscriberId}{need rtcdyn.Subscription.PublisherId}
{need rtc.Resource.ResourceId}{need rtc.Resource.UserAtHost}
