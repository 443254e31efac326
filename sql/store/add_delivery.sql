-- One copy of a post to one session.
INSERT INTO delivery (id, time, input, record, post, session, user, call_id, echo, duplicate,
    edited)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
