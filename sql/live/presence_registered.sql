-- When a user last signed in, also where no registration is left.
SELECT {top} r.[UserAtHost] AS [UserAtHost],
       {column rtcdyn.HomedResourceDynamic.LastNewRegisterTime h} AS [LastNewRegisterTime]
FROM {table rtcdyn.HomedResourceDynamic} h
JOIN {table rtc.Resource} r ON r.[ResourceId] = h.[OwnerId]
WHERE LOWER(r.[UserAtHost]) LIKE @user ESCAPE '\'
