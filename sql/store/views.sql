-- Answers to the usual questions: everything here can be asked with plain SELECTs.

DROP VIEW IF EXISTS main.messages;
DROP VIEW IF EXISTS main.availability;
DROP VIEW IF EXISTS main.timeline;
DROP VIEW IF EXISTS main.findings;
DROP VIEW IF EXISTS main.finding_messages;
DROP VIEW IF EXISTS main.rooms;
DROP VIEW IF EXISTS main.transcript;
DROP VIEW IF EXISTS main.undelivered;
DROP VIEW IF EXISTS main.sessions;
DROP VIEW IF EXISTS main.unread;

-- SIP messages with what was understood of them: WHERE call_id = '...' shows one call.
CREATE VIEW main.messages (
    -- place in the order of the runs
    sequence,
    -- ISO 8601, UTC
    time,
    -- file it was read from
    input,
    -- packet number there
    record,
    -- "tcp", "tls" ...
    transport,
    -- address and port of the sender
    source,
    -- address and port of the receiver
    destination,
    -- Call-ID
    call_id,
    -- of the request
    method,
    -- of a response; 0 = a request
    status,
    -- number of CSeq
    cseq,
    -- "user@host" of From
    from_user,
    -- "user@host" of To
    to_user,
    -- package of Event
    event,
    -- media type of the body
    content_type,
    -- "first", "another-hop", "retransmission"
    role,
    -- start line and headers
    head,
    -- the body
    body
) AS
SELECT message.sequence,
       strftime('%Y-%m-%dT%H:%M:%S', message.time / 1000000000, 'unixepoch')
           || printf('.%06dZ', message.time / 1000 % 1000000) AS time,
       input.name AS input, message.record, hop.transport,
       hop.source || ':' || hop.source_port AS source,
       hop.destination || ':' || hop.destination_port AS destination,
       sip.call_id, sip.method, sip.status, sip.cseq, sip.from_user, sip.to_user, sip.event,
       sip.content_type, sip.role, message.head, body.content AS body
FROM message
JOIN input ON input.id = message.input
JOIN hop ON hop.id = message.hop
LEFT JOIN sip ON sip.sequence = message.sequence
LEFT JOIN body ON body.id = message.body;

-- Who was available when: one row for each stretch of time in which a user's band, number,
-- activity and source stayed the same.
CREATE VIEW main.availability (
    -- "user@host"
    user,
    -- ISO 8601, UTC
    since,
    -- the next change; NULL = the last known
    until,
    -- "available", "busy" ...
    band,
    -- number; NULL = none
    availability,
    -- activity token
    activity,
    -- how it is known
    source,
    -- in short words
    cause,
    -- file that shows it
    input,
    -- packet number there
    record
) AS
SELECT user,
       strftime('%Y-%m-%dT%H:%M:%S', time / 1000000000, 'unixepoch')
           || printf('.%06dZ', time / 1000 % 1000000) AS since,
       strftime('%Y-%m-%dT%H:%M:%S', next / 1000000000, 'unixepoch')
           || printf('.%06dZ', next / 1000 % 1000000) AS until,
       band, availability, activity, source, cause, input, record
FROM (SELECT presence_change.user, presence_change.time,
             lead(presence_change.time)
                 OVER (PARTITION BY presence_change.user ORDER BY presence_change.id) AS next,
             presence_change.band, presence_change.availability, presence_change.activity,
             presence_change.source, presence_change.cause, input.name AS input,
             presence_change.record
      FROM presence_change
      LEFT JOIN input ON input.id = presence_change.input);

-- Everything that happened to a user: WHERE user = '...' ORDER BY time.
CREATE VIEW main.timeline (
    -- "user@host"
    user,
    -- ISO 8601, UTC
    time,
    -- "presence", "endpoint", "publication", "subscription", "chat session", "room", "post",
    -- "finding"
    kind,
    -- what happened
    words,
    -- file that shows it
    input,
    -- packet number there
    record
) AS
SELECT happening.user,
       strftime('%Y-%m-%dT%H:%M:%S', happening.time / 1000000000, 'unixepoch')
           || printf('.%06dZ', happening.time / 1000 % 1000000) AS time,
       happening.kind, happening.words, input.name AS input, happening.record
FROM (SELECT user, time, 'presence' AS kind,
             band || coalesce(' ' || availability, '') || coalesce(' ' || activity, '')
           || coalesce(': ' || cause, '') AS words,
             input, record
      FROM presence_change
      UNION ALL
      SELECT user, time, 'endpoint' AS kind,
             state || coalesce(' ' || epid, '') AS words,
             input, record
      FROM endpoint_change
      UNION ALL
      SELECT user, time, 'publication' AS kind,
             state || ' ' || coalesce(category || ' ' || instance || ' in ' || container, 'PIDF')
           || coalesce(' ' || availability, '') || coalesce(' ' || text, '') AS words,
             input, record
      FROM publication_change
      UNION ALL
      SELECT watcher AS user, time, 'subscription' AS kind,
             state || ' ' || coalesce(package, '') || ' of ' || coalesce(target, '?') AS words,
             input, record
      FROM subscription_change
      UNION ALL
      SELECT user, time, 'chat session' AS kind,
             state || coalesce(': ' || reason, '') AS words,
             input, record
      FROM session_change
      UNION ALL
      SELECT user, time, 'room' AS kind,
             state || ' ' || coalesce(room, '?') || coalesce(': ' || reason, '') AS words,
             input, record
      FROM membership_change
      UNION ALL
      SELECT author AS user, time, 'post' AS kind,
             state || ' in ' || coalesce(room, '?') || coalesce(': ' || text, '') AS words,
             input, record
      FROM post
      UNION ALL
      SELECT user, time, 'finding' AS kind,
             severity || ' ' || rule || ': ' || message AS words, NULL AS input, 0 AS record
      FROM finding) AS happening
LEFT JOIN input ON input.id = happening.input;

-- What the audit says, with the packets that prove it.
CREATE VIEW main.findings (
    -- in the order of the report
    id,
    -- "error", "warning", "note"
    severity,
    -- name of the rule
    rule,
    -- ISO 8601, UTC
    time,
    -- one sentence
    message,
    -- whom it concerns
    user,
    -- the other party
    peer,
    -- URI of the room
    room,
    -- Call-ID
    call_id,
    -- "file:packet" of each, blanks between
    evidence,
    -- document and section
    basis
) AS
SELECT finding.id, finding.severity, finding.rule,
       strftime('%Y-%m-%dT%H:%M:%S', finding.time / 1000000000, 'unixepoch')
           || printf('.%06dZ', finding.time / 1000 % 1000000) AS time,
       finding.message, finding.user, finding.peer, finding.room, finding.call_id,
       (SELECT group_concat(input.name || ':' || evidence.record, ' ')
        FROM evidence
        LEFT JOIN input ON input.id = evidence.input
        WHERE evidence.finding = finding.id) AS evidence,
       finding.basis
FROM finding;

-- The messages that prove a finding.
CREATE VIEW main.finding_messages (
    -- number of the finding
    finding,
    -- name of its rule
    rule,
    -- of the proof, from 1
    number,
    -- of the message, as in `messages`
    sequence,
    -- ISO 8601, UTC
    time,
    -- packet number
    record,
    -- start line and headers
    head,
    -- the body
    body
) AS
SELECT evidence.finding, finding.rule, evidence.number, message.sequence,
       strftime('%Y-%m-%dT%H:%M:%S', message.time / 1000000000, 'unixepoch')
           || printf('.%06dZ', message.time / 1000 % 1000000) AS time,
       message.record, message.head, body.content AS body
FROM evidence
JOIN finding ON finding.id = evidence.finding
JOIN message ON message.input = evidence.input AND message.record = evidence.record
            AND message.stream_offset = evidence.stream_offset
LEFT JOIN body ON body.id = message.body;

-- Chat rooms as they were known last.
CREATE VIEW main.rooms (
    -- "ma-chan://domain/value"
    uri,
    -- name
    name,
    -- topic
    topic,
    -- description
    description,
    -- as written
    visibility,
    -- messages that were seen, history included
    posts
) AS
SELECT uri, name, topic, description, visibility,
       (SELECT count(*) FROM post WHERE post.room = room_change.uri) AS posts
FROM room_change
WHERE uri IS NOT NULL
  AND id = (SELECT max(later.id) FROM room_change AS later WHERE later.uri = room_change.uri);

-- What was said in rooms: WHERE room_name = '...' ORDER BY time.
CREATE VIEW main.transcript (
    -- URI of the room
    room,
    -- its name as it was known last
    room_name,
    -- ISO 8601, UTC
    time,
    -- "user@host"
    author,
    -- what it says
    text,
    -- "accepted", "refused", "unanswered", "delivered-only", "history"
    state,
    -- users who got a copy, ", " between; the author's own included
    delivered_to,
    -- file that shows it
    input,
    -- packet number there
    record
) AS
SELECT post.room,
       (SELECT room_change.name
        FROM room_change
        WHERE room_change.uri = post.room AND room_change.name IS NOT NULL
        ORDER BY room_change.id DESC
        LIMIT 1) AS room_name,
       strftime('%Y-%m-%dT%H:%M:%S', post.time / 1000000000, 'unixepoch')
           || printf('.%06dZ', post.time / 1000 % 1000000) AS time,
       post.author, post.text, post.state,
       (SELECT group_concat(copy.user, ', ')
        FROM (SELECT DISTINCT delivery.user
              FROM delivery
              WHERE delivery.post = post.id
              ORDER BY delivery.user) AS copy) AS delivered_to,
       input.name AS input, post.record
FROM post
LEFT JOIN input ON input.id = post.input;

-- Posts that somebody who was in the room did not get, as the audit found; and posts that were
-- refused or never answered.
CREATE VIEW main.undelivered (
    -- ISO 8601, UTC
    time,
    -- URI of the room
    room,
    -- "user@host" of the poster
    author,
    -- who did not get it; NULL = nobody got it
    user,
    -- why this is known
    reason,
    -- what the post says, where it is known
    text
) AS
SELECT strftime('%Y-%m-%dT%H:%M:%S', finding.time / 1000000000, 'unixepoch')
           || printf('.%06dZ', finding.time / 1000 % 1000000) AS time,
       finding.room, finding.user AS author, finding.peer AS user, finding.message AS reason,
       NULL AS text
FROM finding
WHERE finding.rule = 'chat-message-not-delivered'
UNION ALL
SELECT strftime('%Y-%m-%dT%H:%M:%S', post.time / 1000000000, 'unixepoch')
           || printf('.%06dZ', post.time / 1000 % 1000000) AS time,
       post.room, post.author, NULL AS user, post.state AS reason, post.text
FROM post
WHERE post.state IN ('refused', 'unanswered');

-- Chat sessions: how each began and how it stands at the end.
CREATE VIEW main.sessions (
    -- number of the session
    session,
    -- "user@host"
    user,
    -- the endpoint
    epid,
    -- "user@host" of the chat service
    service,
    -- ISO 8601, UTC: first change
    start,
    -- ISO 8601, UTC
    last_change,
    -- at the end
    state,
    -- why it ended
    reason,
    -- Call-ID of its latest dialog
    call_id,
    -- rooms it joined
    rooms
) AS
SELECT last.session, last.user, last.epid, last.service,
       strftime('%Y-%m-%dT%H:%M:%S', last.start / 1000000000, 'unixepoch')
           || printf('.%06dZ', last.start / 1000 % 1000000) AS start,
       strftime('%Y-%m-%dT%H:%M:%S', last.time / 1000000000, 'unixepoch')
           || printf('.%06dZ', last.time / 1000 % 1000000) AS last_change,
       last.state, last.reason, last.call_id,
       (SELECT count(DISTINCT membership_change.room)
        FROM membership_change
        WHERE membership_change.session = last.session
          AND membership_change.state = 'joined') AS rooms
FROM (SELECT session_change.*,
             min(session_change.time)
                 OVER (PARTITION BY session_change.session) AS start
      FROM session_change) AS last
WHERE last.id = (SELECT max(later.id)
                 FROM session_change AS later
                 WHERE later.session = last.session);

-- What could not be read, and why.
CREATE VIEW main.unread (
    -- ISO 8601, UTC
    time,
    -- file
    input,
    -- packet number there
    record,
    -- "coverage-gap" ...
    kind,
    -- the cap's name, the reason ...
    detail,
    -- bytes lost or unread; 0 = not known
    bytes,
    -- packets, streams or times
    count
) AS
SELECT strftime('%Y-%m-%dT%H:%M:%S', coverage.time / 1000000000, 'unixepoch')
           || printf('.%06dZ', coverage.time / 1000 % 1000000) AS time,
       input.name AS input, coverage.record, coverage.kind, coverage.detail, coverage.bytes,
       coverage.count
FROM coverage
LEFT JOIN input ON input.id = coverage.input;
