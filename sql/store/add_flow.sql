-- A call flow that was recognised.
INSERT INTO flow (id, flow, generation, user, outcome, start_time, end_time)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
