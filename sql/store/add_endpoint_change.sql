-- An endpoint of a user registered, refreshed or went.
INSERT INTO endpoint_change (id, time, input, record, user, epid, state, until)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
