-- What a call of the room management page asks for.
INSERT INTO room_order (sequence, room, name, old_name, description, privacy, add_in, category,
                        managers, members, notification, remove)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
