-- The rows of all servers that were asked, in a temporary file of this run, until they are
-- merged user by user.
CREATE TABLE gathered (
  user TEXT NOT NULL,       -- "user@host" in lower case
  kind INTEGER NOT NULL,    -- enum gathered_kind: which statement gave it
  server INTEGER NOT NULL,  -- number of the server, from 0
  resource INTEGER,         -- ResourceId or PublisherId
  category INTEGER,         -- CategoryId
  name TEXT,                -- of the category, as that server's CategoryDef has it
  container INTEGER,
  instance INTEGER,
  version INTEGER,
  time INTEGER,             -- LastPubTime or LastNewRegisterTime, ns
  expires INTEGER,          -- ns
  endpoint TEXT,            -- EndpointId
  front_end TEXT,
  flag INTEGER,             -- Enabled
  data BLOB                 -- the document, or ClientApp
);
BEGIN;
