-- The store's own record: what the decoders found in the captures, as it was found.
--
-- Everything else in a store is made from these tables and can be made anew (derived.sql).
-- Numbers and rules that hold everywhere:
--   times are nanoseconds since 1970-01-01T00:00:00Z; NULL = the source had none
--   `sequence` is the place in the order of the run; messages and events share the numbers, and
--     a later run goes on where the one before it ended
--   `merge_time` is the highest record time of the run so far: runs are merged by
--     (merge_time, sequence)
--   a text that is not known is NULL, never ''
--   64-bit hashes and counters above 2^63 - 1 stand as negative numbers
--   secrets (credentials, challenges, file tokens, media keys) were masked before they came here
PRAGMA application_id = 1329812308;
PRAGMA user_version = 1;

-- One call of `ocsight store` that wrote here, and what decoding its captures came to.
CREATE TABLE run (
    -- 1-based, in the order of the calls
    id INTEGER PRIMARY KEY,
    -- program and version that decoded
    tool TEXT NOT NULL,
    -- capture filter (BPF) that was used
    filter TEXT,
    -- 1 when everything was written; 0 while writing, and for good if that was cut off
    complete INTEGER NOT NULL,
    -- 1 when the user interrupted the reading: what was read until then is all here
    partial INTEGER NOT NULL DEFAULT 0,
    -- sequence of the first row of this run; the last one lies before the next run's first
    first_sequence INTEGER NOT NULL,
    -- its messages and events: rows with a sequence; NULL until it is complete
    records INTEGER,
    -- added to the record places of this run, so that those of all runs differ
    first_place INTEGER NOT NULL,
    -- bodies from this id on were first seen by this run or a later one
    first_body INTEGER NOT NULL,
    -- hops from this id on likewise
    first_hop INTEGER NOT NULL,
    -- packets read, those left out by the filter included
    packets INTEGER,
    -- of these decoded as UDP or TCP; with all skipped ones this gives `packets`
    decoded INTEGER,
    -- connections that carried SIP or could have and were not readable
    streams INTEGER,
    -- of these: at least one SIP message came out
    streams_read INTEGER,
    -- of these: TLS without keys
    streams_encrypted INTEGER,
    -- of these: compressed after NEGOTIATE
    streams_compressed INTEGER,
    -- of the read ones: bytes are missing
    streams_gapped INTEGER,
    -- of the read ones: one direction is missing
    streams_one_sided INTEGER,
    -- how much could be read: "none", "partial", "full"; "partial" with nothing unread among the
    -- streams: an input is damaged, or packets were captured short
    verdict TEXT
) STRICT;

-- Packets of a run that were not decoded, by reason.
CREATE TABLE skipped (
    -- the run
    run INTEGER NOT NULL REFERENCES run,
    -- name of the reason, as in the summary of a report
    reason TEXT NOT NULL,
    -- packets
    packets INTEGER NOT NULL,
    PRIMARY KEY (run, reason)
) STRICT, WITHOUT ROWID;

-- One input file of a run.
CREATE TABLE input (
    -- ascending over all runs, in the order in which a run's inputs were named
    id INTEGER PRIMARY KEY,
    -- the run that read it
    run INTEGER NOT NULL REFERENCES run,
    -- name as it was given; "-" is standard input
    name TEXT NOT NULL,
    -- "pcap", "pcapng", "netmon"
    kind TEXT,
    -- "gzip", "zstd" or NULL
    compression TEXT,
    -- bytes of the file as it lies on disk
    size INTEGER,
    -- SHA-256 of the file in hex; NULL where it cannot be read twice (standard input, a pipe)
    sha256 TEXT,
    -- packets in it
    records INTEGER,
    -- earliest time of a record
    first_time INTEGER,
    -- latest time of a record
    last_time INTEGER,
    -- 1 when it breaks off inside a record
    truncated INTEGER NOT NULL DEFAULT 0,
    -- 1 when nothing of it could be read
    failed INTEGER NOT NULL DEFAULT 0
) STRICT;

-- One direction between two addresses: where messages were seen.
CREATE TABLE hop (
    -- any number
    id INTEGER PRIMARY KEY,
    -- address of the sender; NULL where the source does not tell, as for all of these
    source TEXT,
    -- its port
    source_port INTEGER,
    -- address of the receiver
    destination TEXT,
    -- its port
    destination_port INTEGER,
    -- "udp", "tcp", "tls", "ws", "sctp", "unknown"
    transport TEXT NOT NULL
) STRICT;

CREATE INDEX hop_by_address ON hop (source, source_port, destination, destination_port, transport);

-- Message bodies, each distinct one once.
CREATE TABLE body (
    -- any number
    id INTEGER PRIMARY KEY,
    -- SHA-256 of the content
    digest BLOB NOT NULL UNIQUE,
    -- byte for byte: text, or a blob if it holds a NUL byte
    content ANY NOT NULL
) STRICT;

-- One observation of a SIP message, as framed. Copies on other hops and retransmissions are rows of
-- their own.
CREATE TABLE message (
    -- place in the order of the run
    sequence INTEGER PRIMARY KEY,
    -- see above
    merge_time INTEGER NOT NULL,
    -- the input it was read from
    input INTEGER NOT NULL,
    -- time of the packet that completed it
    time INTEGER,
    -- number of that packet in its input, from 1
    record INTEGER NOT NULL,
    -- byte of the input where that packet begins; 0 = not known
    offset INTEGER NOT NULL,
    -- place of that packet among all that the runs read
    place INTEGER NOT NULL,
    -- its TCP connection: place of the connection's first packet; 0 = none
    stream INTEGER NOT NULL,
    -- its first byte in that direction of the connection
    stream_offset INTEGER NOT NULL,
    -- from where to where
    hop INTEGER NOT NULL REFERENCES hop,
    -- a set: 1 credentials, 2 a challenge (both masked), 4 body cut, 8 no Content-Length, 16 junk
    -- before it, 32 bare LF, 64 malformed, 128 offers BENOTIFY, 256 offers piggyback, 512 first
    -- after lost bytes
    flags INTEGER NOT NULL,
    -- start line, headers and the empty line, byte for byte: text, or a blob if there is a NUL byte
    head ANY NOT NULL,
    -- what was captured of its body; NULL = nothing
    body INTEGER REFERENCES body
) STRICT;

-- A call of the chat web services, or its answer.
CREATE TABLE http (
    -- place in the order of the run
    sequence INTEGER PRIMARY KEY,
    -- see above
    merge_time INTEGER NOT NULL,
    -- the input it was read from
    input INTEGER NOT NULL,
    -- time of the packet that completed it
    time INTEGER,
    -- number of that packet in its input
    record INTEGER NOT NULL,
    -- byte of the input where that packet begins
    offset INTEGER NOT NULL,
    -- place of that packet among all that the runs read
    place INTEGER NOT NULL,
    -- its TCP connection
    stream INTEGER NOT NULL,
    -- its first byte in that direction
    stream_offset INTEGER NOT NULL,
    -- shared by a request and its response within their run; 0 = the request is not known
    exchange INTEGER NOT NULL,
    -- 1 = request, 0 = response
    request INTEGER NOT NULL,
    -- what the request asks for, also in the row of its response
    call TEXT NOT NULL,
    -- of the request line
    method TEXT,
    -- of the request line, without its query
    target TEXT,
    -- Host header
    host TEXT,
    -- of the response
    status INTEGER NOT NULL,
    -- reason phrase of the response
    reason TEXT,
    -- address of the client
    client TEXT,
    -- its port
    client_port INTEGER,
    -- address of the server
    server TEXT,
    -- its port
    server_port INTEGER,
    -- 64-bit hash of the file token; NULL = there was none
    token_hash INTEGER,
    -- GUID of the room
    room_id TEXT,
    -- name of the file in the repository
    file TEXT,
    -- where the chunk begins in the file
    chunk_offset INTEGER NOT NULL,
    -- decoded size of the chunk
    bytes INTEGER NOT NULL,
    -- size of the file; 0 = not told
    file_length INTEGER NOT NULL,
    -- first text of the response, cut to a line's worth
    result TEXT,
    -- 1 when the body was not captured or kept to its end
    cut INTEGER NOT NULL
) STRICT;

-- What a call of the room management page asks for (RMCommand); beside its row in `http`.
CREATE TABLE room_order (
    -- of the call
    sequence INTEGER PRIMARY KEY REFERENCES http,
    -- RoomId; NULL while the room is being made
    room TEXT,
    -- RoomName
    name TEXT,
    -- its name until now
    old_name TEXT,
    -- RoomDescription
    description TEXT,
    -- "Open", "Closed", "Secret"
    privacy TEXT,
    -- RoomAddin
    add_in TEXT,
    -- RoomCategory
    category TEXT,
    -- display names of the managers
    managers TEXT,
    -- display names of the members
    members TEXT,
    -- RoomNotification
    notification TEXT,
    -- DeleteRoom: 0 = not said, 1 = no, 2 = yes
    remove INTEGER NOT NULL
) STRICT;

-- A DNS question for a service record, or its answer.
CREATE TABLE dns (
    -- place in the order of the run
    sequence INTEGER PRIMARY KEY,
    -- see above
    merge_time INTEGER NOT NULL,
    -- the input it was read from
    input INTEGER NOT NULL,
    -- time of the packet
    time INTEGER,
    -- number of that packet in its input
    record INTEGER NOT NULL,
    -- byte of the input where that packet begins
    offset INTEGER NOT NULL,
    -- place of that packet among all that the runs read
    place INTEGER NOT NULL,
    -- TCP connection; 0 = none
    stream INTEGER NOT NULL,
    -- first byte in that direction
    stream_offset INTEGER NOT NULL,
    -- 1 = question, 0 = answer
    request INTEGER NOT NULL,
    -- pairs question and answer
    question INTEGER NOT NULL,
    -- name asked for, in lower case
    name TEXT,
    -- RCODE of an answer
    code INTEGER NOT NULL,
    -- address of the client
    client TEXT,
    -- its port
    client_port INTEGER,
    -- address of the name server
    server TEXT,
    -- its port
    server_port INTEGER
) STRICT;

-- Service records of a DNS answer.
CREATE TABLE dns_target (
    -- of the answer
    sequence INTEGER NOT NULL REFERENCES dns,
    -- place in the answer, from 1
    number INTEGER NOT NULL,
    -- host of the service
    host TEXT,
    -- its port
    port INTEGER NOT NULL,
    -- as in RFC 2782
    priority INTEGER NOT NULL,
    -- as in RFC 2782
    weight INTEGER NOT NULL,
    PRIMARY KEY (sequence, number)
) STRICT, WITHOUT ROWID;

-- Something that could not be read, and why.
CREATE TABLE coverage (
    -- place in the order of the run
    sequence INTEGER PRIMARY KEY,
    -- see above
    merge_time INTEGER NOT NULL,
    -- the input it was read from
    input INTEGER NOT NULL,
    -- time of the packet concerned
    time INTEGER,
    -- number of that packet in its input; of the last one if the whole input is concerned
    record INTEGER NOT NULL,
    -- byte of the input where that packet begins
    offset INTEGER NOT NULL,
    -- place of that packet among all that the runs read
    place INTEGER NOT NULL,
    -- TCP connection
    stream INTEGER NOT NULL,
    -- first byte concerned in that direction
    stream_offset INTEGER NOT NULL,
    -- 1 = told of the input as a whole after its last record, 0 = in the order of the run
    of_input INTEGER NOT NULL,
    -- "coverage-gap" ...
    kind TEXT NOT NULL,
    -- sender of the direction concerned
    source TEXT,
    -- its port
    source_port INTEGER,
    -- receiver
    destination TEXT,
    -- its port
    destination_port INTEGER,
    -- bytes lost or unread; 0 = not known
    bytes INTEGER NOT NULL,
    -- packets, streams or times
    count INTEGER NOT NULL,
    -- the cap's name, the reason ...
    detail TEXT
) STRICT;

-- Odd input that belongs to no SIP message.
CREATE TABLE diagnostic (
    -- place in the order of the run
    sequence INTEGER PRIMARY KEY,
    -- see above
    merge_time INTEGER NOT NULL,
    -- the input it was read from
    input INTEGER NOT NULL,
    -- time of the packet
    time INTEGER,
    -- number of that packet in its input
    record INTEGER NOT NULL,
    -- byte of the input where that packet begins
    offset INTEGER NOT NULL,
    -- place of that packet among all that the runs read
    place INTEGER NOT NULL,
    -- TCP connection
    stream INTEGER NOT NULL,
    -- first byte in that direction
    stream_offset INTEGER NOT NULL,
    -- stable name of what is odd: "xml-not-well-formed" ...
    code TEXT NOT NULL,
    -- words about it
    detail TEXT,
    -- bytes from the start of the message or body
    position INTEGER NOT NULL
) STRICT;
