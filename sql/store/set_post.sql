-- A post was sent again, accepted or refused.
UPDATE post
SET state = ?2, status = ?3
WHERE id = ?1
