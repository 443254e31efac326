-- A user is in a room, or no longer, as most sessions were told.
INSERT INTO participant_change (id, time, input, record, room, user, present, agree, disagree)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
