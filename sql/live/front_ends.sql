-- The front ends that a server knows of.
SELECT {top} fe.[Fqdn] AS [Fqdn]
FROM {table rtc.FrontEnd} fe
ORDER BY fe.[Fqdn]
{need rtc.FrontEnd.Fqdn}
