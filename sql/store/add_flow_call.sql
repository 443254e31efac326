-- The Call-IDs of a flow.
INSERT INTO flow_call (flow, number, call_id)
VALUES (?1, ?2, ?3)
