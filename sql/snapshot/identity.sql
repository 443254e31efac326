-- Whose file it is and of which version.
SELECT application_id, user_version FROM pragma_application_id(), pragma_user_version()
