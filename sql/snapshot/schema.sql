-- A snapshot of servers' tables. The tables themselves are made from snapshot_column: each is
-- called "database.table" and has a column "@server" before those of the server.
CREATE TABLE snapshot (
  server INTEGER PRIMARY KEY, -- number of the server within this file, from 1
  name TEXT NOT NULL,         -- as it was given with --server
  taken INTEGER NOT NULL      -- when, ns since 1970 UTC
);
CREATE TABLE snapshot_column (
  server INTEGER NOT NULL REFERENCES snapshot,
  [database] TEXT NOT NULL,
  [table] TEXT NOT NULL,
  [column] TEXT NOT NULL,
  [type] TEXT NOT NULL,       -- DATA_TYPE as the server said
  [length] INTEGER,           -- CHARACTER_MAXIMUM_LENGTH; -1 = max
  [nullable] TEXT,            -- YES or NO
  [ordinal] INTEGER           -- ORDINAL_POSITION
);
