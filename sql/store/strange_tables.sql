-- Tables that no store has: what they hold is computed by code that SQLite brings along.
SELECT count(*)
FROM pragma_table_list AS listed
LEFT JOIN pragma_table_xinfo(listed.name) AS listed_column
WHERE listed.schema = 'main' AND listed.type <> 'view'
  AND (listed.type <> 'table' OR listed_column.hidden <> 0)
