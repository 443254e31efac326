-- The packets that prove a finding.
INSERT INTO evidence (finding, number, time, input, record, stream, stream_offset)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
