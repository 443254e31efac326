-- What is said of one server, but for itself.
DELETE FROM snapshot_table WHERE server = ?1
