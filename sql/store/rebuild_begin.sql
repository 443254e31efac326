-- The derived tables are made in a temporary file while the store is being read; names mean the
-- temporary tables from now on.
CREATE TEMP TABLE sip AS SELECT * FROM main.sip LIMIT 0;
CREATE TEMP TABLE dialog AS SELECT * FROM main.dialog LIMIT 0;
CREATE TEMP TABLE presence_change AS SELECT * FROM main.presence_change LIMIT 0;
CREATE TEMP TABLE endpoint_change AS SELECT * FROM main.endpoint_change LIMIT 0;
CREATE TEMP TABLE publication_change AS SELECT * FROM main.publication_change LIMIT 0;
CREATE TEMP TABLE subscription_change AS SELECT * FROM main.subscription_change LIMIT 0;
CREATE TEMP TABLE session_change AS SELECT * FROM main.session_change LIMIT 0;
CREATE TEMP TABLE room_change AS SELECT * FROM main.room_change LIMIT 0;
CREATE TEMP TABLE membership_change AS SELECT * FROM main.membership_change LIMIT 0;
CREATE TEMP TABLE participant_change AS SELECT * FROM main.participant_change LIMIT 0;
CREATE TEMP TABLE follow_change AS SELECT * FROM main.follow_change LIMIT 0;
CREATE TEMP TABLE post AS SELECT * FROM main.post LIMIT 0;
CREATE TEMP TABLE delivery AS SELECT * FROM main.delivery LIMIT 0;
CREATE TEMP TABLE file_change AS SELECT * FROM main.file_change LIMIT 0;
CREATE TEMP TABLE flow AS SELECT * FROM main.flow LIMIT 0;
CREATE TEMP TABLE flow_call AS SELECT * FROM main.flow_call LIMIT 0;
CREATE TEMP TABLE flow_step AS SELECT * FROM main.flow_step LIMIT 0;
CREATE TEMP TABLE flow_label AS SELECT * FROM main.flow_label LIMIT 0;
CREATE TEMP TABLE finding AS SELECT * FROM main.finding LIMIT 0;
CREATE TEMP TABLE evidence AS SELECT * FROM main.evidence LIMIT 0;
CREATE UNIQUE INDEX temp.dialog_id ON dialog (id);
CREATE UNIQUE INDEX temp.post_id ON post (id);
