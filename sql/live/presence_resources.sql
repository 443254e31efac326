-- Whoever ever touched this server: users of it, and partners.
SELECT {top} r.[UserAtHost] AS [UserAtHost], r.[ResourceId] AS [ResourceId]
FROM {table rtc.Resource} r
WHERE LOWER(r.[UserAtHost]) LIKE @user ESCAPE '\'
