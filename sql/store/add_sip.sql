-- A message as it was understood; one row for each row of `message`.
INSERT INTO sip (sequence, message, role, dialog, exchange, method, status, reason, call_id,
    cseq, from_user, to_user, from_epid, event, content_type, user_agent)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
