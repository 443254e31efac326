-- The rows of one server in one table.
DELETE FROM {name} WHERE [@server] = ?1
