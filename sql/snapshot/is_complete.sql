-- Was every table of a server kept whole?
SELECT complete FROM snapshot WHERE server = ?1
