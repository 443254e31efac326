-- One row of a table of the servers.
INSERT INTO {name} ([@server], {names}) VALUES (?1, {places})
