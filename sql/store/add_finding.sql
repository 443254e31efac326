-- What the audit says.
INSERT INTO finding (id, rule, severity, time, message, user, peer, room, call_id, flow, step,
    evidence_more, basis)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
