-- After the last row.
COMMIT;
CREATE INDEX gathered_by_user ON gathered (user, kind, server);
