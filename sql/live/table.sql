-- Whichever table as it stands, for a snapshot: the list names each column that is kept.
SELECT {top} {columns t} FROM {table} t
