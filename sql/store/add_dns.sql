-- A question for a service record, or its answer.
INSERT INTO dns (sequence, merge_time, input, time, record, offset, place, stream, stream_offset,
                 request, question, name, code, client, client_port, server, server_port)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)
