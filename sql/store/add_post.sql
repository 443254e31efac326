-- A chat message, when it is first seen.
INSERT INTO post (id, time, input, record, room, author, text, ts, state, status, file_link)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
ON CONFLICT (id) DO NOTHING
