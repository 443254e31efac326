-- Web calls of a run from sequence ?1 to ?2. Columns: sql/store_rows.h.
SELECT http.sequence, http.merge_time, http.input, http.time, http.record, http.offset, http.place,
       http.stream, http.stream_offset,
       http.exchange, http.request, http.call, http.method, http.target, http.host, http.status,
       http.reason, http.client, http.client_port, http.server, http.server_port, http.token_hash,
       http.room_id, http.file, http.chunk_offset, http.bytes, http.file_length, http.result,
       http.cut,
       room_order.room, room_order.name, room_order.old_name, room_order.description,
       room_order.privacy, room_order.add_in, room_order.category, room_order.managers,
       room_order.members, room_order.notification, room_order.remove
FROM http
LEFT JOIN room_order ON room_order.sequence = http.sequence
WHERE http.sequence BETWEEN ?1 AND ?2
ORDER BY http.sequence
