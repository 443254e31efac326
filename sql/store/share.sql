-- Others may read from now on.
PRAGMA locking_mode = NORMAL;
SELECT count(*) FROM run;
