-- All messages in the order in which a reader gives them.
SELECT sequence
FROM message
ORDER BY merge_time, sequence
