-- How a store is written.
--
-- One process at a time, for as long as it writes: readers wait for its end. A rollback journal and
-- not a write-ahead log, because a store must be readable in a folder that is read-only, and
-- because new pages need no journal, so that a big transaction journals next to nothing.
-- Transactions are bounded, so what is not yet on disk fits in the cache.
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA journal_mode = DELETE;
PRAGMA synchronous = NORMAL;
PRAGMA cache_size = -65536;
PRAGMA temp_store = FILE;
