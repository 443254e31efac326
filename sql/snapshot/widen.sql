-- One column that the servers before did not have.
ALTER TABLE {name} ADD COLUMN {declared}
