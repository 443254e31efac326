-- Messages of a run from sequence ?1 to ?2. Columns: sql/store_rows.h.
SELECT message.sequence, message.merge_time, message.input, message.time, message.record,
       message.offset, message.place, message.stream, message.stream_offset,
       hop.source, hop.source_port, hop.destination, hop.destination_port, hop.transport,
       message.flags, message.head, body.content,
       message.body IS NOT NULL
FROM message
LEFT JOIN hop ON hop.id = message.hop
LEFT JOIN body ON body.id = message.body
WHERE message.sequence BETWEEN ?1 AND ?2
ORDER BY message.sequence
