-- Why a server's snapshot did not end.
UPDATE snapshot SET problem = ?2 WHERE server = ?1
