-- Readers must not make the servers' own presence updates wait (databases.md 5.3).
SET TRANSACTION ISOLATION LEVEL READ UNCOMMITTED
