-- An input as it is known when its run begins.
INSERT INTO input (id, run, name, size, sha256)
VALUES (?1, ?2, ?3, ?4, ?5)
