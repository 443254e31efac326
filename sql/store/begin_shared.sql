-- A transaction that locks the store only once something is written to it.
BEGIN DEFERRED
