-- Packets of a run that were not decoded.
INSERT INTO skipped (run, reason, packets)
VALUES (?1, ?2, ?3)
