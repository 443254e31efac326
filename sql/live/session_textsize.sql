-- Without it a server cuts text and image columns at 4096 bytes for db-lib (databases.md 6.3).
SET TEXTSIZE 2147483647
