-- The server itself.
DELETE FROM snapshot WHERE server = ?1
