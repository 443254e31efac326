-- Refused when the row was there before.
INSERT INTO temp.seen (digest) VALUES (?1)
