-- A transfer of a file to or from a room goes on.
INSERT INTO file_change (id, time, input, record, file, user, room, state, download, name,
    stored, bytes, length, post)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
