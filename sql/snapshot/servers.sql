-- The servers of a snapshot.
SELECT server, name, taken, ended, complete, problem FROM snapshot ORDER BY server
