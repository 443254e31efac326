-- In a deadlock it is ours that gives way.
SET DEADLOCK_PRIORITY LOW
