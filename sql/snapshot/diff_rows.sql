-- What is in one and not the same in the other. Equal rows go first, as often as they are on both
-- sides; of those left over under one key the first of one side became the first of the other.
WITH numbered AS (
  SELECT side, part, server, key, words,
         row_number() OVER (PARTITION BY part, server, key, words, side) AS place
  FROM diff_row
), left_over AS (
  SELECT min(side) AS side, part, server, key, words FROM numbered
  GROUP BY part, server, key, words, place HAVING count(*) = 1
), paired AS (
  SELECT side, part, server, key, words,
         row_number() OVER (PARTITION BY part, server, key, side ORDER BY words) AS place
  FROM left_over
)
SELECT part, server, key, max(CASE side WHEN 0 THEN words END) AS before,
       max(CASE side WHEN 1 THEN words END) AS after
FROM paired GROUP BY part, server, key, place ORDER BY part, key, server, place
