-- The rows of one owner, in the order in which they came.
SELECT row FROM spilled WHERE owner = ?1 ORDER BY number
