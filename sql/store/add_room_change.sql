-- Something was learned of a chat room, or it changed. Each row has all that is known.
INSERT INTO room_change (id, time, input, record, uri, name, old_name, topic, description,
    visibility, source)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
