-- A session enters or leaves a room.
INSERT INTO membership_change (id, time, input, record, session, user, epid, room, state,
    assumed, reason)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
