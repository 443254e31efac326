-- Everybody who is registered with this front end, for the report of stale publications.
-- Grade A. @user: a LIKE pattern in lower case.
SELECT DISTINCT {top} r.[UserAtHost] AS [UserAtHost]
FROM {table rtcdyn.RegistrarEndpoint} re
JOIN {table rtc.Resource} r ON r.[ResourceId] = re.[OwnerId]
WHERE LOWER(r.[UserAtHost]) LIKE @user ESCAPE '\'
ORDER BY r.[UserAtHost]
{need rtcdyn.RegistrarEndpoint.OwnerId}
{need rtc.Resource.ResourceId}{need rtc.Resource.UserAtHost}
