-- No message for each statement about how many rows it touched.
SET NOCOUNT ON
