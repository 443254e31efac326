-- A server by its name.
SELECT server, ended FROM snapshot WHERE name = ?1
