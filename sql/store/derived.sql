-- What the engine and the audit made of the store's own record (truth.sql). Written anew whenever a
-- run is added, and when the program, its tables or the rules are others.

DROP TABLE IF EXISTS main.evidence;
DROP TABLE IF EXISTS main.finding;
DROP TABLE IF EXISTS main.flow_label;
DROP TABLE IF EXISTS main.flow_step;
DROP TABLE IF EXISTS main.flow_call;
DROP TABLE IF EXISTS main.flow;
DROP TABLE IF EXISTS main.file_change;
DROP TABLE IF EXISTS main.delivery;
DROP TABLE IF EXISTS main.post;
DROP TABLE IF EXISTS main.follow_change;
DROP TABLE IF EXISTS main.participant_change;
DROP TABLE IF EXISTS main.membership_change;
DROP TABLE IF EXISTS main.room_change;
DROP TABLE IF EXISTS main.session_change;
DROP TABLE IF EXISTS main.subscription_change;
DROP TABLE IF EXISTS main.publication_change;
DROP TABLE IF EXISTS main.endpoint_change;
DROP TABLE IF EXISTS main.presence_change;
DROP TABLE IF EXISTS main.dialog;
DROP TABLE IF EXISTS main.sip;
DROP TABLE IF EXISTS main.derivation;

-- What the tables of this file were made with: one row.
CREATE TABLE main.derivation (
    -- always 1
    id INTEGER PRIMARY KEY CHECK (id = 1),
    -- program and version
    tool TEXT NOT NULL,
    -- version of these tables
    schema INTEGER NOT NULL,
    -- rules of the audit as changed on the command line; '' = as they are
    rules TEXT NOT NULL,
    -- 1 when all rows are written; 0 while writing, and if that was cut off
    complete INTEGER NOT NULL,
    -- the latest run that they cover
    last_run INTEGER
) STRICT;

-- A message as it was understood; one row for each row of `message`.
CREATE TABLE main.sip (
    -- of the row in `message`
    sequence INTEGER PRIMARY KEY REFERENCES message,
    -- number of the message: copies on other hops and retransmissions share it
    message INTEGER NOT NULL,
    -- "first", "another-hop" or "retransmission"
    role TEXT NOT NULL,
    -- the dialog it belongs to
    dialog INTEGER,
    -- number shared by a request and its responses
    exchange INTEGER NOT NULL,
    -- of the request, or of CSeq in a response
    method TEXT,
    -- of a response; 0 = a request
    status INTEGER NOT NULL,
    -- phrase of a response
    reason TEXT,
    -- Call-ID
    call_id TEXT,
    -- number of CSeq
    cseq INTEGER NOT NULL,
    -- "user@host" of From
    from_user TEXT,
    -- "user@host" of To
    to_user TEXT,
    -- endpoint of From
    from_epid TEXT,
    -- package of Event
    event TEXT,
    -- media type of the body
    content_type TEXT,
    -- User-Agent, or Server of a response
    user_agent TEXT
) STRICT;

-- A SIP dialog, subscription, or exchange outside of dialogs, as it stood at the end.
CREATE TABLE main.dialog (
    -- ascending in the order of first sight
    id INTEGER PRIMARY KEY,
    -- "invite", "subscribe", "register" ...
    kind TEXT NOT NULL,
    -- of a subscription: "persistent", "polling", "query"
    mode TEXT,
    -- of an INVITE: "chat", "chat-lookup", "im" ...
    service TEXT,
    -- "trying", "early", "confirmed", "terminated", "refused", "unfinished"
    state TEXT NOT NULL,
    -- 1 when the request that opened it was captured
    from_start INTEGER NOT NULL,
    -- Call-ID
    call_id TEXT,
    -- "user@host" of the opener, else its URI without scheme
    from_user TEXT,
    -- the same of the other party
    to_user TEXT,
    -- endpoint of the opener
    from_epid TEXT,
    -- endpoint of the other party
    to_epid TEXT,
    -- package of a subscription or PUBLISH
    event TEXT,
    -- first message
    start_time INTEGER,
    -- last message
    end_time INTEGER,
    -- copies and retransmissions included
    messages INTEGER NOT NULL,
    -- final status that decided it; 0 = none
    status INTEGER NOT NULL,
    -- why it ended
    reason TEXT
) STRICT;

-- The availability band, number, activity or source of a user changed.
CREATE TABLE main.presence_change (
    -- number of the change, ascending in the order of the run
    id INTEGER PRIMARY KEY,
    -- when it happened
    time INTEGER,
    -- the input of the packet that shows it, or that what ran out goes back to
    input INTEGER,
    -- number of that packet in its input; 0 = none
    record INTEGER NOT NULL,
    -- "user@host"
    user TEXT,
    -- availability band from now on: "available", "busy" ...
    band TEXT NOT NULL,
    -- number; NULL = none
    availability INTEGER,
    -- activity token
    activity TEXT,
    -- how it is known: "aggregate", "computed", "pidf" ...
    source TEXT NOT NULL,
    -- in short words
    cause TEXT
) STRICT;

-- An endpoint of a user registered, refreshed or went.
CREATE TABLE main.endpoint_change (
    -- number of the change, ascending in the order of the run
    id INTEGER PRIMARY KEY,
    -- when it happened
    time INTEGER,
    -- the input of the packet that shows it, or that what ran out goes back to
    input INTEGER,
    -- number of that packet in its input; 0 = none
    record INTEGER NOT NULL,
    -- "user@host"
    user TEXT,
    -- the endpoint
    epid TEXT,
    -- "registered", "refreshed", "unregistered", "expired"
    state TEXT NOT NULL,
    -- when it runs out
    until INTEGER
) STRICT;

-- A published category instance, or PIDF publication, changed. What was only asked for so far has no
-- row.
CREATE TABLE main.publication_change (
    -- number of the change, ascending in the order of the run
    id INTEGER PRIMARY KEY,
    -- when it happened
    time INTEGER,
    -- the input of the packet that shows it, or that what ran out goes back to
    input INTEGER,
    -- number of that packet in its input; 0 = none
    record INTEGER NOT NULL,
    -- "user@host"
    user TEXT,
    -- the endpoint that published it
    epid TEXT,
    -- name of the category; NULL = PIDF
    category TEXT,
    -- instance number
    instance INTEGER,
    -- container number
    container INTEGER,
    -- of a PIDF publication
    entity_tag TEXT,
    -- "live", "modified", "removed", "expired", "refused" ...
    state TEXT NOT NULL,
    -- type of a state: "userState" ...
    value_kind TEXT,
    -- number; NULL = none
    availability INTEGER,
    -- activity token
    activity TEXT,
    -- what it says to people in one line
    text TEXT,
    -- "static", "endpoint", "user", "time"
    expire_type TEXT,
    -- when it runs out
    until INTEGER,
    -- version
    version INTEGER NOT NULL,
    -- of the response; 0 = none
    status INTEGER NOT NULL
) STRICT;

-- A subscription of a watcher changed.
CREATE TABLE main.subscription_change (
    -- number of the change, ascending in the order of the run
    id INTEGER PRIMARY KEY,
    -- when it happened
    time INTEGER,
    -- the input of the packet that shows it, or that what ran out goes back to
    input INTEGER,
    -- number of that packet in its input; 0 = none
    record INTEGER NOT NULL,
    -- "user@host"
    watcher TEXT,
    -- whom it watches; the watcher itself for lists and its own data
    target TEXT,
    -- Event package
    package TEXT,
    -- Call-ID
    call_id TEXT,
    -- "persistent", "polling", "query"
    mode TEXT,
    -- "requested", "active", "refreshed", "terminated" ...
    state TEXT NOT NULL,
    -- when it runs out
    until INTEGER,
    -- of the response; 0 = none
    status INTEGER NOT NULL,
    -- why it ended
    reason TEXT
) STRICT;

-- The chat session of an endpoint changed.
CREATE TABLE main.session_change (
    -- number of the change, ascending in the order of the run
    id INTEGER PRIMARY KEY,
    -- when it happened
    time INTEGER,
    -- the input of the packet that shows it, or that what ran out goes back to
    input INTEGER,
    -- number of that packet in its input; 0 = none
    record INTEGER NOT NULL,
    -- number of the session, ascending in the order of first sight
    session INTEGER NOT NULL,
    -- "user@host"
    user TEXT,
    -- the endpoint
    epid TEXT,
    -- Call-ID of the dialog concerned
    call_id TEXT,
    -- 1 = the dialog only asks where the service is
    lookup INTEGER NOT NULL,
    -- "inviting", "connected", "stale", "closed", "refused", "unknown"
    state TEXT NOT NULL,
    -- "user@host" of the chat service
    service TEXT,
    -- of the response that decided it; 0 = none
    status INTEGER NOT NULL,
    -- why it ended
    reason TEXT
) STRICT;

-- Something was learned of a chat room, or it changed. Each row has all that is known.
CREATE TABLE main.room_change (
    -- number of the change, ascending in the order of the run
    id INTEGER PRIMARY KEY,
    -- when it happened
    time INTEGER,
    -- the input of the packet that shows it, or that what ran out goes back to
    input INTEGER,
    -- number of that packet in its input; 0 = none
    record INTEGER NOT NULL,
    -- "ma-chan://domain/value"; NULL for one made by web page, which gets it later
    uri TEXT,
    -- name
    name TEXT,
    -- set when the name changed
    old_name TEXT,
    -- topic
    topic TEXT,
    -- description
    description TEXT,
    -- as written
    visibility TEXT,
    -- how it became known
    source TEXT NOT NULL
) STRICT;

-- A session enters or leaves a room.
CREATE TABLE main.membership_change (
    -- number of the change, ascending in the order of the run
    id INTEGER PRIMARY KEY,
    -- when it happened
    time INTEGER,
    -- the input of the packet that shows it, or that what ran out goes back to
    input INTEGER,
    -- number of that packet in its input; 0 = none
    record INTEGER NOT NULL,
    -- the session
    session INTEGER NOT NULL,
    -- "user@host"
    user TEXT,
    -- the endpoint
    epid TEXT,
    -- URI of the room
    room TEXT,
    -- "joining", "joined", "leaving", "none", "failed", "unknown"
    state TEXT NOT NULL,
    -- 1 = concluded from traffic, the join itself was not captured
    assumed INTEGER NOT NULL,
    -- why
    reason TEXT
) STRICT;

-- A user is in a room, or no longer, as most sessions were told.
CREATE TABLE main.participant_change (
    -- number of the change, ascending in the order of the run
    id INTEGER PRIMARY KEY,
    -- when it happened
    time INTEGER,
    -- the input of the packet that shows it, or that what ran out goes back to
    input INTEGER,
    -- number of that packet in its input; 0 = none
    record INTEGER NOT NULL,
    -- URI of the room
    room TEXT,
    -- "user@host"
    user TEXT,
    -- 1 = in the room
    present INTEGER NOT NULL,
    -- sessions that were told so
    agree INTEGER NOT NULL,
    -- sessions that were told otherwise
    disagree INTEGER NOT NULL
) STRICT;

-- A user follows a room, or no longer.
CREATE TABLE main.follow_change (
    -- number of the change, ascending in the order of the run
    id INTEGER PRIMARY KEY,
    -- when it happened
    time INTEGER,
    -- the input of the packet that shows it, or that what ran out goes back to
    input INTEGER,
    -- number of that packet in its input; 0 = none
    record INTEGER NOT NULL,
    -- "user@host"
    user TEXT,
    -- URI of the room
    room TEXT,
    -- 1 = follows it
    follows INTEGER NOT NULL
) STRICT;

-- A chat message, once for all its copies.
CREATE TABLE main.post (
    -- ascending in the order of first sight
    id INTEGER PRIMARY KEY,
    -- when it was posted, else first seen
    time INTEGER,
    -- the input of the packet that shows it, or that what ran out goes back to
    input INTEGER,
    -- number of that packet in its input; 0 = none
    record INTEGER NOT NULL,
    -- URI of the room
    room TEXT,
    -- "user@host"
    author TEXT,
    -- what it says
    text TEXT,
    -- time as the message says
    ts INTEGER,
    -- "accepted", "refused", "unanswered", "delivered-only" (the post was not captured), "history"
    state TEXT NOT NULL,
    -- of the response to the post; 0 = none
    status INTEGER NOT NULL,
    -- 1 = it links to a file
    file_link INTEGER NOT NULL
) STRICT;

-- One copy of a post to one session.
CREATE TABLE main.delivery (
    -- number of the change, ascending in the order of the run
    id INTEGER PRIMARY KEY,
    -- when it happened
    time INTEGER,
    -- the input of the packet that shows it, or that what ran out goes back to
    input INTEGER,
    -- number of that packet in its input; 0 = none
    record INTEGER NOT NULL,
    -- the post
    post INTEGER NOT NULL REFERENCES post,
    -- the session that got it
    session INTEGER NOT NULL,
    -- "user@host"
    user TEXT,
    -- Call-ID of its dialog
    call_id TEXT,
    -- 1 = to a session of the author
    echo INTEGER NOT NULL,
    -- 1 = the session had one already
    duplicate INTEGER NOT NULL,
    -- 1 = its text differs from the post's
    edited INTEGER NOT NULL
) STRICT;

-- A transfer of a file to or from a room goes on.
CREATE TABLE main.file_change (
    -- number of the change, ascending in the order of the run
    id INTEGER PRIMARY KEY,
    -- when it happened
    time INTEGER,
    -- the input of the packet that shows it, or that what ran out goes back to
    input INTEGER,
    -- number of that packet in its input; 0 = none
    record INTEGER NOT NULL,
    -- number of the transfer; 0 = no token was seen
    file INTEGER NOT NULL,
    -- who asked for the token
    user TEXT,
    -- URI of the room
    room TEXT,
    -- "asked", "permitted", "denied", "named", "carried", "complete", "posted"
    state TEXT NOT NULL,
    -- 1 = from the room
    download INTEGER NOT NULL,
    -- as the user knows it
    name TEXT,
    -- as the repository knows it
    stored TEXT,
    -- carried so far
    bytes INTEGER NOT NULL,
    -- of the file; 0 = not told
    length INTEGER NOT NULL,
    -- the post that links to it; 0 = none
    post INTEGER NOT NULL
) STRICT;

-- A call flow that was recognised.
CREATE TABLE main.flow (
    -- in the order in which they ended
    id INTEGER PRIMARY KEY,
    -- name of the flow
    flow TEXT NOT NULL,
    -- product generation: "2007 R2/2010", "2013+", "any"
    generation TEXT NOT NULL,
    -- whose flow it is
    user TEXT,
    -- "complete", "incomplete", "in-progress", "joined-in-progress"
    outcome TEXT NOT NULL,
    -- first step that was seen
    start_time INTEGER,
    -- last step that was seen
    end_time INTEGER
) STRICT;

-- The Call-IDs of a flow.
CREATE TABLE main.flow_call (
    -- the flow
    flow INTEGER NOT NULL REFERENCES flow,
    -- in the order of first sight, from 1
    number INTEGER NOT NULL,
    -- Call-ID
    call_id TEXT,
    PRIMARY KEY (flow, number)
) STRICT, WITHOUT ROWID;

-- The steps of a flow, all that its table has.
CREATE TABLE main.flow_step (
    -- the flow
    flow INTEGER NOT NULL REFERENCES flow,
    -- in the table's order, from 1
    place INTEGER NOT NULL,
    -- of the step as the flow's source counts
    number INTEGER NOT NULL,
    -- name of the step
    step TEXT NOT NULL,
    -- "seen", "missing", "misplaced", "optional-absent", "not-observable"
    outcome TEXT NOT NULL,
    -- first sight
    time INTEGER,
    -- the input of the packet that shows it
    input INTEGER,
    -- number of that packet; 0 = not seen
    record INTEGER NOT NULL,
    PRIMARY KEY (flow, place)
) STRICT, WITHOUT ROWID;

-- A message is a step of a call flow.
CREATE TABLE main.flow_label (
    -- number of the message, as in `sip`
    message INTEGER NOT NULL,
    -- name of the flow
    flow TEXT NOT NULL,
    -- name of the step
    step TEXT NOT NULL,
    -- of the step as the flow's source counts
    number INTEGER NOT NULL,
    -- 1 = it only answers the message that is the step
    answer INTEGER NOT NULL
) STRICT;

-- What the audit says.
CREATE TABLE main.finding (
    -- in the order of the report
    id INTEGER PRIMARY KEY,
    -- name of the rule
    rule TEXT NOT NULL,
    -- "error", "warning", "note"
    severity TEXT NOT NULL,
    -- when
    time INTEGER,
    -- one sentence
    message TEXT,
    -- whom it concerns; NULL = does not apply, as for all below
    user TEXT,
    -- the other party
    peer TEXT,
    -- URI of the room
    room TEXT,
    -- Call-ID
    call_id TEXT,
    -- name of the call flow
    flow TEXT,
    -- name of its step
    step TEXT,
    -- packets that prove it beyond those in `evidence`
    evidence_more INTEGER NOT NULL,
    -- document and section
    basis TEXT
) STRICT;

-- The packets that prove a finding.
CREATE TABLE main.evidence (
    -- the finding
    finding INTEGER NOT NULL REFERENCES finding,
    -- from 1
    number INTEGER NOT NULL,
    -- of the packet
    time INTEGER,
    -- its input
    input INTEGER,
    -- its number there; 0 = the input as a whole
    record INTEGER NOT NULL,
    -- its TCP connection, as in `message`
    stream INTEGER NOT NULL,
    -- its first byte in that direction
    stream_offset INTEGER NOT NULL,
    PRIMARY KEY (finding, number)
) STRICT, WITHOUT ROWID;
