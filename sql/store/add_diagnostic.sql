-- Odd input that belongs to no message.
INSERT INTO diagnostic (sequence, merge_time, input, time, record, offset, place,
                        stream, stream_offset,
                        code, detail, position)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
