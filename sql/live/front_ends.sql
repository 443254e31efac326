-- The front ends that a server knows of.
SELECT {top} fe.[Fqdn] AS [Fqdn]
FROM {table rtc.FrontEnd} fe
{need rtc.FrontEnd.Fqdn}
