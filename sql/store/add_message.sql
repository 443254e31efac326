-- One observation of a SIP message.
INSERT INTO message (sequence, merge_time, input, time, record, offset, place,
                     stream, stream_offset,
                     hop, flags, head, body)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
