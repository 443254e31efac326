-- Something that could not be read.
INSERT INTO coverage (sequence, merge_time, input, time, record, offset, place,
                      stream, stream_offset,
                      of_input, kind, source, source_port, destination, destination_port, bytes,
                      count, detail)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)
