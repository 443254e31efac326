-- Phone numbers that several users have: Q13 of databases.md 10. Grade A.
SELECT {top} x.[PhoneNum] AS [PhoneNum], r.[UserAtHost] AS [UserAtHost]
FROM {table rtc.ResourcePhone} x
JOIN {table rtc.Resource} r ON r.[ResourceId] = x.[ResourceId]
WHERE x.[PhoneNum] IN (SELECT y.[PhoneNum] FROM {table rtc.ResourcePhone} y
                       GROUP BY y.[PhoneNum] HAVING COUNT(*) > 1)
ORDER BY x.[PhoneNum], r.[UserAtHost]
{need rtc.ResourcePhone.PhoneNum}{need rtc.ResourcePhone.ResourceId}
{need rtc.Resource.ResourceId}{need rtc.Resource.UserAtHost}
