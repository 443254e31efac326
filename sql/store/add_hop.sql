-- A direction between two addresses.
INSERT INTO hop (source, source_port, destination, destination_port, transport)
VALUES (?1, ?2, ?3, ?4, ?5)
