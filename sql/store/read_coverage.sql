-- What could not be read, from sequence ?1 to ?2. Columns: sql/store_rows.h.
SELECT sequence, merge_time, input, time, record, offset, place, stream, stream_offset,
       of_input, kind, source, source_port, destination, destination_port, bytes, count, detail
FROM coverage
WHERE sequence BETWEEN ?1 AND ?2
ORDER BY sequence
