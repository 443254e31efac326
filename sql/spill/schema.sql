-- Rows of reports that found no room in memory: one table, filled once and read once.
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -8192;
CREATE TABLE spilled (
  owner INTEGER NOT NULL, -- whose row it is
  number INTEGER NOT NULL, -- in the order in which they came
  row BLOB NOT NULL,      -- as the report gave it
  PRIMARY KEY (owner, number)
) WITHOUT ROWID;
BEGIN;
