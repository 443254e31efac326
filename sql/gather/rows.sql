-- User by user; a user's registrations stand before its publications.
SELECT user, kind, server, resource, category, name, container, instance, version, time, expires,
       endpoint, front_end, flag, data
FROM gathered INDEXED BY gathered_by_user
ORDER BY user, kind, server, rowid
