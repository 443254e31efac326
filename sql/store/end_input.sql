-- What was found of input ?1.
UPDATE input
SET kind = ?2, compression = ?3, size = ?4, sha256 = coalesce(?5, sha256), records = ?6,
    first_time = ?7, last_time = ?8, truncated = ?9, failed = ?10
WHERE id = ?1
