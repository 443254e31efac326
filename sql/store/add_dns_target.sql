-- One service record of an answer.
INSERT INTO dns_target (sequence, number, host, port, priority, weight)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)
