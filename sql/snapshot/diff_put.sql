INSERT INTO diff_row (side, part, server, key, words) VALUES (?1, ?2, ?3, ?4, ?5)
