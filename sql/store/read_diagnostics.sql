-- Odd input without a message, from sequence ?1 to ?2. Columns: sql/store_rows.h.
SELECT sequence, merge_time, input, time, record, offset, place, stream, stream_offset,
       code, detail, position
FROM diagnostic
WHERE sequence BETWEEN ?1 AND ?2
ORDER BY sequence
