-- Everything since begin.sql is in the file.
COMMIT
