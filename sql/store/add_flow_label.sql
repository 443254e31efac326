-- A message is a step of a call flow.
INSERT INTO flow_label (message, flow, step, number, answer)
VALUES (?1, ?2, ?3, ?4, ?5)
