-- The derived tables are being written.
INSERT INTO derivation (id, tool, schema, rules, complete)
VALUES (1, ?1, ?2, ?3, 0)
