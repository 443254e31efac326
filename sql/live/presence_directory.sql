-- The users of these servers; partners have no row here.
SELECT {top} r.[UserAtHost] AS [UserAtHost], d.[ResourceId] AS [ResourceId],
       {column rtc.ResourceDirectory.Enabled d} AS [Enabled]
FROM {table rtc.ResourceDirectory} d
JOIN {table rtc.Resource} r ON r.[ResourceId] = d.[ResourceId]
WHERE LOWER(r.[UserAtHost]) LIKE @user ESCAPE '\'
