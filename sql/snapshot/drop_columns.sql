-- The columns of one server.
DELETE FROM snapshot_column WHERE server = ?1
