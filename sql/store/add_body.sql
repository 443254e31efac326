-- A body that is new.
INSERT INTO body (digest, content)
VALUES (?1, ?2)
