-- How many endpoints are still to run out: none at all where the servers' times are of a zone far
-- behind. @now: a time.
SELECT {top} COUNT(*) AS [Ahead]
FROM {table rtcdyn.Endpoint} ep
WHERE ep.[ExpiresAt] >= @now
ORDER BY [Ahead]
{need rtcdyn.Endpoint.ExpiresAt}
