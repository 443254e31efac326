-- One row.
INSERT INTO spilled (owner, number, row) VALUES (?1, ?2, ?3)
