-- A table of the servers, as the first server has it.
CREATE TABLE IF NOT EXISTS {name} ([@server] INTEGER NOT NULL, {declared})
