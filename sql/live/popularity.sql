-- How many have a user as contact: Q5 of databases.md 10, second query. Grade A.
-- @user: a LIKE pattern in lower case.
SELECT {top} b.[UserAtHost] AS [UserAtHost], COUNT(*) AS [Watchers]
FROM {table rtc.Contact} c
JOIN {table rtc.Resource} b ON b.[ResourceId] = c.[BuddyId]
WHERE LOWER(b.[UserAtHost]) LIKE @user ESCAPE '\'
GROUP BY b.[UserAtHost]
ORDER BY COUNT(*) DESC, b.[UserAtHost]
{need rtc.Contact.BuddyId}{need rtc.Resource.ResourceId}{need rtc.Resource.UserAtHost}
