-- The rows of two snapshots in a temporary file, until they are compared.
CREATE TABLE diff_row (
  side INTEGER NOT NULL, -- 0 = the first, 1 = the second
  part INTEGER NOT NULL, -- which question or table
  server TEXT NOT NULL,
  key TEXT NOT NULL,     -- what tells rows apart
  words TEXT NOT NULL    -- what else is said of it
);
BEGIN
