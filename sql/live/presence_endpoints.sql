-- Where a user is registered, with what, and until when.
SELECT {top} r.[UserAtHost] AS [UserAtHost], e.[EndpointId] AS [EndpointId],
       {if rtcdyn.RegistrarEndpoint.ClientApp}
       {bytes 256 e.[ClientApp]} AS [ClientApp],
       {end}
       {column rtcdyn.Endpoint.ExpiresAt t} AS [ExpiresAt],
       {column rtcdyn.Registrar.Fqdn g} AS [Fqdn]
FROM {table rtcdyn.RegistrarEndpoint} e
JOIN {table rtc.Resource} r ON r.[ResourceId] = e.[OwnerId]
{if rtcdyn.Endpoint}
LEFT JOIN {table rtcdyn.Endpoint} t ON t.[EndpointId] = e.[EndpointId]
{end}
{if rtcdyn.Registrar}
LEFT JOIN {table rtcdyn.Registrar} g ON g.[RegistrarId] = {column rtcdyn.Endpoint.RegistrarId t}
{end}
WHERE LOWER(r.[UserAtHost]) LIKE @user ESCAPE '\'
