-- A subscription of a watcher changed.
INSERT INTO subscription_change (id, time, input, record, watcher, target, package, call_id,
    mode, state, until, status, reason)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
