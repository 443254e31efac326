-- A server's row before anything of it is asked: until it has an end, it is unfinished.
INSERT INTO snapshot (name, taken, version, max_rows) VALUES (?1, ?2, ?3, ?4)
