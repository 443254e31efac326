-- A published category instance, or PIDF publication, changed.
INSERT INTO publication_change (id, time, input, record, user, epid, category, instance,
    container, entity_tag, state, value_kind, availability, activity, text, expire_type, until,
    version, status)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)
