-- What makes the questions of views.sql quick: made when all rows are there, which is quicker than
-- with each row.
CREATE INDEX IF NOT EXISTS main.message_by_record ON message (input, record);
CREATE INDEX main.sip_by_call_id ON sip (call_id);
CREATE INDEX main.sip_by_message ON sip (message);
CREATE INDEX main.dialog_by_call_id ON dialog (call_id);
CREATE INDEX main.presence_change_by_user ON presence_change (user, time);
CREATE INDEX main.endpoint_change_by_user ON endpoint_change (user, time);
CREATE INDEX main.publication_change_by_user ON publication_change (user, time);
CREATE INDEX main.session_change_by_session ON session_change (session);
CREATE INDEX main.room_change_by_uri ON room_change (uri);
CREATE INDEX main.membership_change_by_room ON membership_change (room, time);
CREATE INDEX main.post_by_room ON post (room, time);
CREATE INDEX main.delivery_by_post ON delivery (post);
CREATE INDEX main.flow_label_by_message ON flow_label (message);
