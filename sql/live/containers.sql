-- Whom a user has put into which container: Q7 of databases.md 10. Grade C: no source shows this
-- table. @user: a LIKE pattern in lower case.
SELECT {top} r.[UserAtHost] AS [UserAtHost], m.[ContainerNum] AS [ContainerNum],
       m.[MemberType] AS [MemberType], m.[MemberValue] AS [MemberValue]
FROM {table rtc.ContainerMember} m
JOIN {table rtc.Resource} r ON r.[ResourceId] = m.[OwnerId]
WHERE LOWER(r.[UserAtHost]) LIKE @user ESCAPE '\'
ORDER BY r.[UserAtHost], m.[ContainerNum]
{need rtc.ContainerMember.OwnerId}{need rtc.ContainerMember.ContainerNum}
{need rtc.ContainerMember.MemberType}{need rtc.ContainerMember.MemberValue}
{need rtc.Resource.ResourceId}{need rtc.Resource.UserAtHost}
