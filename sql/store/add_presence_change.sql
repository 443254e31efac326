-- The availability band, number, activity or source of a user changed.
INSERT INTO presence_change (id, time, input, record, user, band, availability, activity,
    source, cause)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
