-- A snapshot: rows of servers' databases, kept by `ocsight store snapshot`.
--
-- The kept tables themselves are made when a server has them. Each is called "database.table", as
-- "rtcdyn.PublishedInstance", and has the column "@server" before those of the server, in which
-- it is the number of the server in table snapshot. Their columns have the type names that the
-- server said. Values: numbers as numbers (.NET ticks too), texts as UTF-8, GUIDs as texts in lower
-- case, date-times as "2015-06-01T09:00:00.000" (their zone is not known, UTC is assumed), bytes
-- as blobs. What is secret is in no table: tables and columns that are never asked for are listed
-- in snapshot_table with the reason.
PRAGMA application_id = 1329812302; -- "OCSN"
PRAGMA user_version = 1;

-- One row for each server that was asked.
CREATE TABLE snapshot (
  server INTEGER PRIMARY KEY, -- number of the server within this file, from 1
  name TEXT NOT NULL UNIQUE,  -- as it was given with --server
  taken INTEGER NOT NULL,     -- when the asking began, ns since 1970 UTC
  ended INTEGER,              -- when it ended; NULL = it did not: the rows are not the whole
  complete INTEGER NOT NULL DEFAULT 0, -- 1 = every table that is there was kept whole
  version TEXT NOT NULL,      -- of the program that asked
  max_rows INTEGER NOT NULL,  -- --max-rows, for each table; 0 = no bound
  problem TEXT                -- why it did not end, as far as the program could still say so
);

-- One row for each server and table that the program knows, kept or not.
CREATE TABLE snapshot_table (
  server INTEGER NOT NULL REFERENCES snapshot,
  [database] TEXT NOT NULL,
  [table] TEXT NOT NULL,
  state TEXT NOT NULL,        -- whole, cut (more rows than max_rows), absent (not there, or the
                              -- login may not see it), refused (no permission), failed, omitted
                              -- (never asked for)
  kept INTEGER NOT NULL,      -- rows
  copies INTEGER NOT NULL,    -- exact copies of a row that a dirty read gave once more, left out
  omitted TEXT,               -- columns of it that are never asked for, ", " between
  problem TEXT,               -- for people: why it is not whole
  PRIMARY KEY (server, [database], [table])
);

-- Every column that the login may see in the four databases.
CREATE TABLE snapshot_column (
  server INTEGER NOT NULL REFERENCES snapshot,
  [database] TEXT NOT NULL,
  [table] TEXT NOT NULL,
  [column] TEXT NOT NULL,
  [type] TEXT NOT NULL,       -- DATA_TYPE as the server said
  [length] INTEGER,           -- CHARACTER_MAXIMUM_LENGTH; -1 = max
  [nullable] TEXT,            -- YES or NO
  [ordinal] INTEGER,          -- ORDINAL_POSITION
  kept INTEGER NOT NULL,      -- 1 = its values are in this file
  PRIMARY KEY (server, [database], [table], [column])
);
