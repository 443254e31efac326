-- Digests of the rows of the table that is being kept: a dirty read may give a row twice.
CREATE TEMP TABLE IF NOT EXISTS seen (digest BLOB PRIMARY KEY) WITHOUT ROWID
