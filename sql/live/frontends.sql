-- The primary front end of each user as this server sees it: Q11 of databases.md 10. Grade A.
-- @user: a LIKE pattern in lower case.
SELECT {top} r.[UserAtHost] AS [UserAtHost], fe.[Fqdn] AS [Fqdn],
       {column rtc.RoutingGroupAssignment.RoutingGroupName a} AS [RoutingGroupName],
       d.[RoutingGroupId] AS [RoutingGroupId]
FROM {table rtc.ResourceDirectory} d
JOIN {table rtc.Resource} r ON r.[ResourceId] = d.[ResourceId]
LEFT JOIN {table rtc.RoutingGroupAssignment} a ON a.[RoutingGroupId] = d.[RoutingGroupId]
LEFT JOIN {table rtc.FrontEnd} fe ON fe.[FrontEndId] = a.[FrontEndId]
WHERE LOWER(r.[UserAtHost]) LIKE @user ESCAPE '\'
ORDER BY fe.[Fqdn], r.[UserAtHost]
{need rtc.ResourceDirectory.ResourceId}{need rtc.ResourceDirectory.RoutingGroupId}
{need rtc.RoutingGroupAssignment.RoutingGroupId}{need rtc.RoutingGroupAssignment.FrontEndId}
{need rtc.FrontEnd.FrontEndId}{need rtc.FrontEnd.Fqdn}
{need rtc.Resource.ResourceId}{need rtc.Resource.UserAtHost}
