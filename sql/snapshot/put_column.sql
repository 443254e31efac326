-- A column that the server has; nothing of it is kept yet.
INSERT OR IGNORE INTO snapshot_column
  (server, [database], [table], [column], [type], [length], [nullable], [ordinal], kept)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0)
