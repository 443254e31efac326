-- Who is registered, where, with which client: Q1 of databases.md 10. Grade A. Per front end.
-- @user: a LIKE pattern in lower case.
SELECT {top} r.[UserAtHost] AS [UserAtHost], re.[EndpointId] AS [EndpointId],
       {if rtcdyn.RegistrarEndpoint.ClientApp}{bytes 256 re.[ClientApp]}{else}NULL{end} AS [ClientApp],
       {if rtcdyn.RegistrarEndpoint.SipCallId}{bytes 256 re.[SipCallId]}{else}NULL{end} AS [SipCallId],
       {column rtcdyn.RegistrarEndpoint.IsServerSource re} AS [IsServerSource],
       {if rtcdyn.Registrar.Fqdn}rg.[Fqdn]{else}NULL{end} AS [Fqdn],
       {column rtcdyn.Endpoint.ExpiresAt ep} AS [ExpiresAt]
FROM {table rtcdyn.RegistrarEndpoint} re
JOIN {table rtc.Resource} r ON r.[ResourceId] = re.[OwnerId]
{if rtcdyn.Endpoint}
LEFT JOIN {table rtcdyn.Endpoint} ep ON ep.[EndpointId] = re.[EndpointId]
{need rtcdyn.Endpoint.EndpointId}
{end}
{if rtcdyn.Registrar.Fqdn}
LEFT JOIN {table rtcdyn.Registrar} rg
  ON rg.[RegistrarId] = COALESCE({column rtcdyn.Endpoint.RegistrarId ep},
                                 {column rtcdyn.RegistrarEndpoint.PrimaryRegistrarClusterId re}, -1)
{need rtcdyn.Registrar.RegistrarId}
{end}
WHERE LOWER(r.[UserAtHost]) LIKE @user ESCAPE '\'
ORDER BY r.[UserAtHost], re.[EndpointId]
{need rtcdyn.RegistrarEndpoint.OwnerId}{need rtcdyn.RegistrarEndpoint.EndpointId}
{need rtc.Resource.ResourceId}{need rtc.Resource.UserAtHost}
