-- A user follows a room, or no longer.
INSERT INTO follow_change (id, time, input, record, user, room, follows)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
