INSERT INTO gathered (user, kind, server, resource, category, name, container, instance, version,
                      time, expires, endpoint, front_end, flag, data)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
