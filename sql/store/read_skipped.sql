-- Packets of run ?1 that were not decoded. Columns: reason, packets.
SELECT reason, packets
FROM skipped
WHERE run = ?1
