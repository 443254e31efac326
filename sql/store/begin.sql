-- A transaction that nobody else can come between.
BEGIN EXCLUSIVE
