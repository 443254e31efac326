-- Who has a user as contact: the reverse contact list, a bound on watchers. Q5 of databases.md 10.
-- Grade A; SubscribePresence is inferred. @user: a LIKE pattern in lower case.
SELECT {top} b.[UserAtHost] AS [UserAtHost], o.[UserAtHost] AS [Watcher],
       {column rtc.Contact.SubscribePresence c} AS [SubscribePresence]
FROM {table rtc.Contact} c
JOIN {table rtc.Resource} b ON b.[ResourceId] = c.[BuddyId]
JOIN {table rtc.Resource} o ON o.[ResourceId] = c.[OwnerId]
WHERE LOWER(b.[UserAtHost]) LIKE @user ESCAPE '\'
ORDER BY b.[UserAtHost], o.[UserAtHost]
{need rtc.Contact.BuddyId}{need rtc.Contact.OwnerId}
{need rtc.Resource.ResourceId}{need rtc.Resource.UserAtHost}
