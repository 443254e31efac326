-- The totals of run ?1, which is complete now.
UPDATE run
SET complete = 1, partial = ?2, packets = ?3, decoded = ?4, streams = ?5, streams_read = ?6,
    streams_encrypted = ?7, streams_compressed = ?8, streams_gapped = ?9, streams_one_sided = ?10,
    verdict = ?11, records = ?12
WHERE id = ?1
