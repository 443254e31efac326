-- Milliseconds that a lock of theirs is waited for; then error 1222.
SET LOCK_TIMEOUT 2000
