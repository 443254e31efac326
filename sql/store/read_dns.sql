-- Questions for service records and answers, from sequence ?1 to ?2. Columns: sql/store_rows.h.
SELECT sequence, merge_time, input, time, record, offset, place, stream, stream_offset,
       request, question, name, code, client, client_port, server, server_port
FROM dns
WHERE sequence BETWEEN ?1 AND ?2
ORDER BY sequence
