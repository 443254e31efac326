-- How it went with one table of a server.
INSERT INTO snapshot_table (server, [database], [table], state, kept, copies, omitted, problem)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, nullif(?7, ''), nullif(?8, ''))
