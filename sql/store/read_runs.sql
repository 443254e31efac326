-- All runs with their totals. Columns: sql/store_rows.h.
SELECT id, tool, filter, complete, partial, first_sequence,
       packets, decoded, streams, streams_read, streams_encrypted, streams_compressed,
       streams_gapped, streams_one_sided, verdict, records
FROM run
ORDER BY id
