-- The steps of a flow, all that its table has.
INSERT INTO flow_step (flow, place, number, step, outcome, time, input, record)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
