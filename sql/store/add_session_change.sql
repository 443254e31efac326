-- The chat session of an endpoint changed.
INSERT INTO session_change (id, time, input, record, session, user, epid, call_id, lookup,
    state, service, status, reason)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
