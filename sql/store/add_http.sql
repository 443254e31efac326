-- A call of the chat web services, or its answer.
INSERT INTO http (sequence, merge_time, input, time, record, offset, place, stream, stream_offset,
                  exchange, request, call, method, target, host, status, reason, client,
                  client_port, server, server_port, token_hash, room_id, file, chunk_offset, bytes,
                  file_length, result, cut)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20,
        ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29)
