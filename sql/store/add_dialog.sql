-- A SIP dialog, subscription, or exchange outside of dialogs, as it stands now.
INSERT INTO dialog (id, kind, mode, service, state, from_start, call_id, from_user, to_user,
    from_epid, to_epid, event, start_time, end_time, messages, status, reason)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)
ON CONFLICT (id) DO UPDATE
SET kind = excluded.kind, mode = excluded.mode, service = excluded.service, state =
    excluded.state, from_start = excluded.from_start, call_id = excluded.call_id, from_user =
    excluded.from_user, to_user = excluded.to_user, from_epid = excluded.from_epid, to_epid =
    excluded.to_epid, event = excluded.event, start_time = excluded.start_time, end_time =
    excluded.end_time, messages = excluded.messages, status = excluded.status, reason =
    excluded.reason
