-- Rows are looked up by what tells them apart, within their server.
CREATE INDEX IF NOT EXISTS {index} ON {name} ([@server], {names})
