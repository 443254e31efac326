-- All runs with their totals. Columns: sql/store_rows.h.
SELECT id, tool, filter, complete, partial, first_sequence,
       lead(first_sequence, 1, 9223372036854775807) OVER (ORDER BY id) - 1 AS last_sequence,
       packets, decoded, streams, streams_read, streams_encrypted, streams_compressed,
       streams_gapped, streams_one_sided, verdict
FROM run
ORDER BY id
