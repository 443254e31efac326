-- Everything since begin.sql is undone.
ROLLBACK
