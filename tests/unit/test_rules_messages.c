/*
 * Rules about chat messages, their copies, their order, their content and history: each
 * fired once, and once for each guard kept silent.
 */
#include "tests/unit/audit_script.h"

#define ROOM      "ma-chan://contoso.example/0b6f5a52"
#define ELSEWHERE "ma-chan://contoso.example/7d1c9e04"

/* What happens, in the place of one row each; `who` talks to the service in dialog `call`. */
#define CONNECTED(second, whom, number, call)                                                      \
    {                                                                                              \
        .at = second, .act = SESSION, .method = "INVITE", .from = whom, .to = "chat",              \
        .tx = 10 + (number), .status = 200, .session = number, .who = whom, .call_number = call,   \
        .state = SESSION_CONNECTED                                                                 \
    }
#define MEMBER_IS(second, whom, number, before, now)                                               \
    {                                                                                              \
        .at = second, .act = MEMBER, .method = "INFO", .from = "chat", .to = whom,                 \
        .tx = 20 + (number), .session = number, .who = whom, .call_number = number, .room = ROOM,  \
        .was = before, .state = now                                                                \
    }
#define JOINED(second, whom, number)                                                               \
    MEMBER_IS(second, whom, number, MEMBER_JOINING, MEMBER_JOINED),                                \
    {                                                                                              \
        .at = second, .method = "INFO", .from = "chat", .to = whom, .tx = 20 + (number),           \
        .status = 200                                                                              \
    }
#define ADA_IN CONNECTED(0, "ada", 1, 1), JOINED(0, "ada", 1) /* rows 1 to 3 */
#define BO_IN  CONNECTED(0, "bo", 2, 2), JOINED(0, "bo", 2)   /* rows 4 to 6 */

/* Ada's session says something of a post: it is sent, or its answer has come. */
#define POST_ROW(second, post, what, ...)                                                          \
    {                                                                                              \
        .at = second, .act = POST, .method = "INFO", .from = "ada", .to = "chat",                  \
        .tx = 100 + (post), .status = (what) == POST_SENT ? 0 : 200, .session = 1, .who = "ada",   \
        .call_number = 1, .id = post, .room = ROOM, .room_name = "Ops Bridge", .state = what,      \
        .membership = MEMBER_JOINED, __VA_ARGS__                                                   \
    }
#define POSTED(second, post)   POST_ROW(second, post, POST_SENT, .text = "hello")
#define ACCEPTED(second, post) POST_ROW(second, post, POST_ACCEPTED, .text = NULL)

/* The session of `whom` gets a copy; the CSeq of the service's INFO is `sequence`. */
#define COPY(second, whom, number, post, sequence, ...)                                            \
    {.at = second,                                                                                 \
     .act = POST,                                                                                  \
     .method = "INFO",                                                                             \
     .from = "chat",                                                                               \
     .to = whom,                                                                                   \
     .tx = 1000 * (number) + (sequence),                                                           \
     .cseq = sequence,                                                                             \
     .session = number,                                                                            \
     .who = whom,                                                                                  \
     .call_number = number,                                                                        \
     .id = post,                                                                                   \
     .room = ROOM,                                                                                 \
     .room_name = "Ops Bridge",                                                                    \
     .state = POST_DELIVERED,                                                                      \
     .membership = MEMBER_JOINED,                                                                  \
     __VA_ARGS__},                                                                                 \
    {                                                                                              \
        .at = second, .method = "INFO", .from = "chat", .to = whom,                                \
        .tx = 1000 * (number) + (sequence), .cseq = sequence, .status = 200                        \
    }
#define TO_ADA(second, post, sequence) COPY(second, "ada", 1, post, sequence, .text = "hello")
#define TO_BO(second, post, sequence)  COPY(second, "bo", 2, post, sequence, .text = "hello")
#define LOST(second, source, target)                                                               \
    {                                                                                              \
        .at = second, .act = COVERAGE, .coverage = COVERAGE_GAP, .from = source, .to = target      \
    }
#define GAP_TO_BO                                                                                  \
    "Part of the stream from 192.0.2.5:5061 to 192.0.2.22:52312 was not captured: 1460 bytes "     \
    "missing\n"
#define GAP_TO_ADA                                                                                 \
    "Part of the stream from 192.0.2.5:5061 to 192.0.2.21:52311 was not captured: 1460 bytes "     \
    "missing\n"
#define GAP_FROM_ADA                                                                               \
    "Part of the stream from 192.0.2.21:52311 to 192.0.2.5:5061 was not captured: 1460 bytes "     \
    "missing\n"
#define GAP_FROM_BO                                                                                \
    "Part of the stream from 192.0.2.22:52312 to 192.0.2.5:5061 was not captured: 1460 bytes "     \
    "missing\n"

/* ---- the author's own copy ---- */

#define NO_ECHO                                                                                    \
    "of ada@contoso.example to Ops Bridge was accepted and did not come back to its "              \
    "author within 10 s"

static const struct script echoes[] = {
    {"no post ever comes back: one warning for the room", "chat-echo-missing",
     SCRIPT_STEPS(ADA_IN, POSTED(5, 1), ACCEPTED(6, 1), POSTED(7, 2), ACCEPTED(8, 2)), 29,
     "warning chat-echo-missing [4 5 6 7] The post " NO_ECHO " (2 posts)\n"},
    {"others do", "chat-echo-missing",
     SCRIPT_STEPS(ADA_IN, POSTED(5, 1), ACCEPTED(6, 1), POSTED(7, 2), ACCEPTED(8, 2),
                  TO_ADA(8, 2, 1)),
     29, "error chat-echo-missing [4 5] The post " NO_ECHO "\n"},
    {"before it is accepted", "chat-echo-missing",
     SCRIPT_STEPS(ADA_IN, POSTED(5, 1), TO_ADA(5, 1, 1), ACCEPTED(6, 1)), 29, ""},
    {"too late", "chat-echo-missing",
     SCRIPT_STEPS(ADA_IN, POSTED(5, 1), ACCEPTED(6, 1), TO_ADA(20, 1, 1)), 29,
     "warning chat-echo-missing [4 5 6] The post of ada@contoso.example to Ops Bridge came back "
     "to its author only 14 s after it was accepted\n"},
    {"the author's other endpoint is in the room, too: never more than a warning",
     "chat-echo-missing",
     SCRIPT_STEPS(ADA_IN, CONNECTED(1, "ada", 3, 3), JOINED(1, "ada", 3), POSTED(5, 1),
                  ACCEPTED(6, 1), TO_ADA(7, 1, 1)),
     29, "warning chat-echo-missing [7 8] The post " NO_ECHO "\n"},
    {"the author leaves", "chat-echo-missing",
     SCRIPT_STEPS(ADA_IN, POSTED(5, 1), ACCEPTED(6, 1),
                  MEMBER_IS(7, "ada", 1, MEMBER_JOINED, MEMBER_LEAVING)),
     29, ""},
    {"the author's session ends", "chat-echo-missing",
     SCRIPT_STEPS(ADA_IN, POSTED(5, 1), ACCEPTED(6, 1),
                  {.at = 7,
                   .act = SESSION,
                   .timer = true,
                   .session = 1,
                   .who = "ada",
                   .why = "bye by client",
                   .state = SESSION_CLOSED}),
     29, ""},
    {"it may be in a gap", "chat-echo-missing",
     SCRIPT_STEPS(ADA_IN, POSTED(5, 1), ACCEPTED(6, 1), LOST(7, "chat", "ada")), 29,
     "note coverage-gap [6] " GAP_TO_ADA},
};

/* ---- too many, too late, of nothing ---- */

#define AGAIN(second, sequence, ...)                                                               \
    {.at = second,                                                                                 \
     .act = POST,                                                                                  \
     .method = "INFO",                                                                             \
     .from = "chat",                                                                               \
     .to = "bo",                                                                                   \
     .tx = 2000 + (sequence),                                                                      \
     .cseq = sequence,                                                                             \
     .session = 2,                                                                                 \
     .who = "bo",                                                                                  \
     .call_number = 2,                                                                             \
     .id = 1,                                                                                      \
     .room = ROOM,                                                                                 \
     .room_name = "Ops Bridge",                                                                    \
     .state = POST_DUPLICATE,                                                                      \
     __VA_ARGS__},                                                                                 \
    {                                                                                              \
        .at = second, .method = "INFO", .from = "chat", .to = "bo", .tx = 2000 + (sequence),       \
        .cseq = sequence, .status = 200                                                            \
    }
#define SAID ADA_IN, BO_IN, POSTED(5, 1), ACCEPTED(5, 1), TO_ADA(5, 1, 1), TO_BO(5, 1, 1)
#define PART(second, whom, number)                                                                 \
    MEMBER_IS(second, whom, number, MEMBER_LEAVING, MEMBER_NONE),                                  \
    {                                                                                              \
        .at = second, .method = "INFO", .from = "chat", .to = whom, .tx = 20 + (number),           \
        .status = 200                                                                              \
    }

static const struct script copies[] = {
    {"bo gets it three times: one finding", "chat-message-duplicated",
     SCRIPT_STEPS(SAID, AGAIN(6, 2, .first_call = 2), AGAIN(7, 3, .first_call = 2)), 29,
     "warning chat-message-duplicated [13 15] bo@contoso.example got a message of "
     "ada@contoso.example in Ops Bridge more than once: 2 further copies\n"},
    {"once on the dialog of before", "chat-message-duplicated",
     SCRIPT_STEPS(SAID, AGAIN(6, 2, .first_call = 9)), 29, ""},
    {"the post was not captured", "chat-message-duplicated",
     SCRIPT_STEPS(SAID, AGAIN(6, 2, .first_call = 2, .uncaptured = true)), 29, ""},
    {"there may have been another post", "chat-message-duplicated",
     SCRIPT_STEPS(SAID, LOST(6, "ada", "chat"), AGAIN(6, 2, .first_call = 2)), 29,
     "note coverage-gap [13] " GAP_FROM_ADA},
    {"two messages that nobody posted here, one copied twice", "chat-delivery-without-post",
     SCRIPT_STEPS(ADA_IN, BO_IN, COPY(5, "ada", 1, 1, 1, .uncaptured = true, .author = "cy@x"),
                  COPY(5, "bo", 2, 1, 1, .uncaptured = true, .author = "cy@x"),
                  COPY(6, "bo", 2, 2, 2, .uncaptured = true, .author = "dee@x")),
     29,
     "note chat-delivery-without-post [7 11] Messages were delivered in Ops Bridge whose posts "
     "were not captured: 2 messages\n"},
    {"bo has left", "chat-delivery-after-part",
     SCRIPT_STEPS(SAID, PART(6, "bo", 2), POSTED(20, 2), ACCEPTED(20, 2), TO_ADA(20, 2, 2),
                  TO_BO(20, 2, 2)),
     29,
     "warning chat-delivery-after-part [13 19] bo@contoso.example left " ROOM " and still got a "
     "message 14 s later\n"},
    {"what was on its way", "chat-delivery-after-part",
     SCRIPT_STEPS(SAID, PART(6, "bo", 2), TO_BO(8, 2, 2)), 29, ""},
    {"bo came back", "chat-delivery-after-part",
     SCRIPT_STEPS(SAID, PART(6, "bo", 2), MEMBER_IS(9, "bo", 2, MEMBER_NONE, MEMBER_JOINING),
                  JOINED(10, "bo", 2), TO_BO(20, 2, 2)),
     29, ""},
    {"bo may have come back", "chat-delivery-after-part",
     SCRIPT_STEPS(SAID, PART(6, "bo", 2), LOST(10, "bo", "chat"), TO_BO(20, 2, 2)), 29,
     "note coverage-gap [15] " GAP_FROM_BO},
    {"another text", "chat-text-edited",
     SCRIPT_STEPS(ADA_IN, BO_IN, POSTED(5, 1), ACCEPTED(5, 1), TO_ADA(5, 1, 1),
                  COPY(6, "bo", 2, 1, 1, .edited = true, .text = "h****")),
     60,
     "note chat-history-not-asked [2 5] No history was asked for within 30 s after 2 joins to " ROOM
     "\n"
     "note chat-text-edited [11] What ada@contoso.example posted to Ops Bridge was delivered with "
     "another text\n"},
    {"another text, and then the posted one: it was another message", "chat-text-edited",
     SCRIPT_STEPS(ADA_IN, BO_IN, POSTED(5, 1), ACCEPTED(5, 1), TO_ADA(5, 1, 1),
                  COPY(6, "bo", 2, 1, 1, .edited = true), TO_BO(7, 1, 2)),
     60,
     "note chat-history-not-asked [2 5] No history was asked for within 30 s after 2 joins to " ROOM
     "\n"},
};

/* ---- accepted, and then nothing ---- */

#define ENDED(second, whom, number, reason)                                                        \
    {.at = second,                                                                                 \
     .act = SESSION,                                                                               \
     .method = "BYE",                                                                              \
     .from = "chat",                                                                               \
     .to = whom,                                                                                   \
     .tx = 90,                                                                                     \
     .session = number,                                                                            \
     .who = whom,                                                                                  \
     .call_number = number,                                                                        \
     .why = reason,                                                                                \
     .state = SESSION_CLOSED},                                                                     \
    {                                                                                              \
        .at = second, .method = "BYE", .from = "chat", .to = whom, .tx = 90, .status = 200         \
    }
#define FATE_UNKNOWN                                                                               \
    "The post of ada@contoso.example to Ops Bridge was accepted, and the session was ended "       \
    "before any copy of it was seen\n"

static const struct script fates[] = {
    {"the service ends the session", "chat-post-fate-unknown",
     SCRIPT_STEPS(ADA_IN, POSTED(5, 1), ACCEPTED(6, 1), ENDED(7, "ada", 1, "bye by service")), 29,
     "warning chat-post-fate-unknown [5 6] " FATE_UNKNOWN},
    {"two posts", "chat-post-fate-unknown",
     SCRIPT_STEPS(ADA_IN, POSTED(5, 1), ACCEPTED(6, 1), POSTED(6, 2), ACCEPTED(6, 2),
                  ENDED(7, "ada", 1, "481")),
     29,
     "warning chat-post-fate-unknown [5 8] " FATE_UNKNOWN
     "warning chat-post-fate-unknown [7 8] " FATE_UNKNOWN},
    {"the client ends it", "chat-post-fate-unknown",
     SCRIPT_STEPS(ADA_IN, POSTED(5, 1), ACCEPTED(6, 1), ENDED(7, "ada", 1, "bye by client")), 29,
     ""},
    {"the copy came", "chat-post-fate-unknown",
     SCRIPT_STEPS(ADA_IN, POSTED(5, 1), ACCEPTED(6, 1), TO_ADA(6, 1, 1),
                  ENDED(7, "ada", 1, "bye by service")),
     29, ""},
    {"long after", "chat-post-fate-unknown",
     SCRIPT_STEPS(ADA_IN, POSTED(5, 1), ACCEPTED(6, 1), TO_ADA(6, 1, 1),
                  ENDED(25, "ada", 1, "bye by service")),
     29, ""},
    {"bo is there and should have got it: that rule speaks", "chat-post-fate-unknown",
     SCRIPT_STEPS(ADA_IN, BO_IN, POSTED(5, 1), ACCEPTED(6, 1),
                  ENDED(7, "ada", 1, "bye by service")),
     29,
     "error chat-message-not-delivered [7 8] The post of ada@contoso.example to Ops Bridge was "
     "accepted and did not reach bo@contoso.example within 10 s\n"},
    {"the copy may be in a gap", "chat-post-fate-unknown",
     SCRIPT_STEPS(ADA_IN, POSTED(5, 1), ACCEPTED(6, 1), LOST(6, "chat", "ada"),
                  ENDED(7, "ada", 1, "bye by service")),
     29, "note coverage-gap [6] " GAP_TO_ADA},
};

/* ---- order ---- */

#define TWO_POSTS                                                                                  \
    ADA_IN, BO_IN, POSTED(5, 1), ACCEPTED(5, 1), POSTED(9, 2), ACCEPTED(9, 2) /* rows to 10 */
#define SWAPPED(severity, evidence, apart)                                                         \
    severity " chat-order-diverged [" evidence "] bo@contoso.example and ada@contoso.example got " \
             "messages of Ops Bridge in a different order, " apart " apart\n"

static const struct script orders[] = {
    {"bo sees the answer before the question", "chat-order-diverged",
     SCRIPT_STEPS(TWO_POSTS, TO_ADA(9, 1, 1), TO_BO(10, 2, 1), TO_ADA(12, 2, 2), TO_BO(13, 1, 2)),
     29, SWAPPED("warning", "11 13 15 17", "3 s")},
    {"ada gets the other one last", "chat-order-diverged",
     SCRIPT_STEPS(TWO_POSTS, TO_ADA(9, 1, 1), TO_BO(10, 2, 1), TO_BO(12, 1, 2), TO_ADA(13, 2, 2)),
     29, SWAPPED("warning", "11 13 15 17", "2 s")},
    {"within a second", "chat-order-diverged",
     SCRIPT_STEPS(TWO_POSTS, TO_ADA(9, 1, 1), TO_ADA(9, 2, 2), TO_BO(10, 2, 1), TO_BO(15, 1, 2)),
     29, SWAPPED("note", "11 13 15 17", "0 ms")},
    {"the same order, at different times", "chat-order-diverged",
     SCRIPT_STEPS(TWO_POSTS, TO_ADA(9, 1, 1), TO_ADA(9, 2, 2), TO_BO(10, 1, 1), TO_BO(15, 2, 2)),
     29, ""},
    {"sent in order, captured in another", "chat-order-diverged",
     SCRIPT_STEPS(TWO_POSTS, TO_ADA(9, 1, 1), TO_ADA(9, 2, 2), TO_BO(10, 2, 2), TO_BO(15, 1, 1)),
     29, ""},
    {"the first session was sent them the other way round", "chat-order-diverged",
     SCRIPT_STEPS(TWO_POSTS, TO_ADA(9, 1, 2), TO_ADA(9, 2, 1), TO_BO(10, 2, 1), TO_BO(15, 1, 2)),
     29, ""},
    {"an edited copy is no proof", "chat-order-diverged",
     SCRIPT_STEPS(TWO_POSTS, TO_ADA(9, 1, 1), TO_ADA(9, 2, 2), TO_BO(10, 2, 1),
                  COPY(15, "bo", 2, 1, 2, .edited = true)),
     16, ""},
};

/* ---- content ---- */

#define LIMITS_OF(call, limit, story)                                                              \
    {.at = 1,                                                                                      \
     .act = CHAT,                                                                                  \
     .method = "INFO",                                                                             \
     .from = "chat",                                                                               \
     .to = "ada",                                                                                  \
     .tx = 60,                                                                                     \
     .call_number = call,                                                                          \
     .class = CHAT_REPLY,                                                                          \
     .verb = CHAT_GETSERVERINFO,                                                                   \
     .old_tag = "1",                                                                               \
     .number = limit,                                                                              \
     .code = story},                                                                               \
    {                                                                                              \
        .at = 1, .method = "INFO", .from = "chat", .to = "ada", .tx = 60, .status = 200            \
    }
#define LIMITS(limit, story) LIMITS_OF(1, limit, story)
#define WRITES(text_)        POST_ROW(5, 1, POST_SENT, .text = text_)
#define ROSTER_MASK(bits)                                                                          \
    {                                                                                              \
        .at = 1, .act = OWN_MASK, .method = "INFO", .from = "chat", .to = "ada", .tx = 21,         \
        .session = 1, .who = "ada", .room = ROOM, .mask = (bits) + 1                               \
    }
#define WIRE_POST(...)                                                                             \
    {.at = 5,                                                                                      \
     .act = CHAT,                                                                                  \
     .method = "INFO",                                                                             \
     .from = "ada",                                                                                \
     .to = "chat",                                                                                 \
     .tx = 101,                                                                                    \
     .call_number = 1,                                                                             \
     .class = CHAT_MESSAGE,                                                                        \
     .verb = CHAT_GRPCHAT,                                                                         \
     __VA_ARGS__},                                                                                 \
    {                                                                                              \
        .at = 5, .method = "INFO", .from = "ada", .to = "chat", .tx = 101, .status = 200           \
    }

static const struct script contents[] = {
    {"no room", "chat-post-incomplete",
     SCRIPT_STEPS(WIRE_POST(.epid = "e1", .author = "ada", .text = "x")), 9,
     "error chat-post-incomplete [1] A post of ada@contoso.example has no chanUri\n"},
    {"no author", "chat-post-incomplete",
     SCRIPT_STEPS(WIRE_POST(.epid = "e1", .room = ROOM, .text = "x")), 9,
     "error chat-post-incomplete [1] A post of ada@contoso.example has no author\n"},
    {"no text, and busy is what the service says of it", "chat-post-incomplete",
     SCRIPT_STEPS(ADA_IN, WIRE_POST(.epid = "e1", .room = ROOM, .author = "ada"),
                  POST_ROW(5, 1, POST_SENT, .timer = true),
                  {.at = 6,
                   .act = POST,
                   .method = "INFO",
                   .from = "ada",
                   .to = "chat",
                   .tx = 101,
                   .status = 503,
                   .session = 1,
                   .who = "ada",
                   .id = 1,
                   .room = ROOM,
                   .state = POST_REFUSED}),
     29, "error chat-post-incomplete [4] A post of ada@contoso.example has no chat\n"},
    {"all there", "chat-post-incomplete",
     SCRIPT_STEPS(WIRE_POST(.epid = "e1", .room = ROOM, .author = "ada", .text = "x")), 9, ""},
    {"cut short", "chat-post-incomplete",
     SCRIPT_STEPS(WIRE_POST(.epid = "e1", .room = ROOM, .flags = SIP_BODY_CUT)), 9, ""},
    {"a copy", "chat-post-incomplete", SCRIPT_STEPS(WIRE_POST(.room = ROOM, .text = "x")), 9, ""},
    {"clocks six minutes apart", "chat-post-clock",
     SCRIPT_STEPS(POST_ROW(5, 1, POST_SENT, .ts = 365), POST_ROW(6, 2, POST_SENT, .ts = 366)), 9,
     "note chat-post-clock [1 2] The time stamp of 2 posts of ada@contoso.example is 360 s from "
     "the time of capture\n"},
    {"clocks five minutes apart", "chat-post-clock",
     SCRIPT_STEPS(POST_ROW(5, 1, POST_SENT, .ts = 305)), 9, ""},
    {"more than the service takes", "chat-post-oversized",
     SCRIPT_STEPS(CONNECTED(0, "ada", 1, 1), LIMITS(4, 8), WRITES("123456789")), 9,
     "warning chat-post-oversized [2 4] A post of ada@contoso.example to Ops Bridge is 9 bytes "
     "long, more than the service takes\n"},
    {"it may be a story", "chat-post-oversized",
     SCRIPT_STEPS(CONNECTED(0, "ada", 1, 1), LIMITS(4, 8), WRITES("12345678")), 9, ""},
    {"of no other dialog", "chat-post-oversized",
     SCRIPT_STEPS(CONNECTED(0, "ada", 1, 1), LIMITS_OF(7, 4, 8), WRITES("123456789")), 9, ""},
    {"the session ended", "chat-post-oversized",
     SCRIPT_STEPS(CONNECTED(0, "ada", 1, 1), LIMITS(4, 8), ENDED(3, "ada", 1, "481"),
                  WRITES("123456789")),
     9, ""},
    {"a tag", "chat-post-html", SCRIPT_STEPS(WRITES("look <B>here</B>")), 9,
     "note chat-post-html [1] ada@contoso.example posted HTML, which readers see as it is\n"},
    {"an attribute", "chat-post-html", SCRIPT_STEPS(WRITES("<a href='x'>y</a>")), 9,
     "note chat-post-html [1] ada@contoso.example posted HTML, which readers see as it is\n"},
    {"arithmetic", "chat-post-html", SCRIPT_STEPS(WRITES("if a <b && c> d, <3 <bo> < i >")), 9,
     "note chat-post-html [1] ada@contoso.example posted HTML, which readers see as it is\n"},
    {"other angle brackets", "chat-post-html", SCRIPT_STEPS(WRITES("a < b > c <3 <bo> < i > <b")),
     9, ""},
    {"a mask without the right to chat", "chat-post-without-right",
     SCRIPT_STEPS(ADA_IN, ROSTER_MASK(3984 - 256), WRITES("x")), 9,
     "note chat-post-without-right [4 5] ada@contoso.example posted to Ops Bridge with the "
     "permission mask 3728, which does not allow it\n"},
    {"a member's mask", "chat-post-without-right",
     SCRIPT_STEPS(ADA_IN, ROSTER_MASK(3984), WRITES("x")), 9, ""},
    {"a presenter's", "chat-post-without-right",
     SCRIPT_STEPS(ADA_IN, ROSTER_MASK(8080 - 256), WRITES("x")), 9, ""},
    {"another one since", "chat-post-without-right",
     SCRIPT_STEPS(ADA_IN, ROSTER_MASK(0), ROSTER_MASK(3984), WRITES("x")), 9, ""},
};

/* ---- history ---- */

#define ASKS(second, limit)                                                                        \
    {.at = second,                                                                                 \
     .act = CHAT,                                                                                  \
     .method = "INFO",                                                                             \
     .from = "bo",                                                                                 \
     .to = "chat",                                                                                 \
     .tx = 70,                                                                                     \
     .call_number = 2,                                                                             \
     .class = CHAT_COMMAND,                                                                        \
     .verb = CHAT_BCCONTEXT,                                                                       \
     .tag = "7",                                                                                   \
     .room = ROOM,                                                                                 \
     .count = limit},                                                                              \
    {                                                                                              \
        .at = second, .method = "INFO", .from = "bo", .to = "chat", .tx = 70, .status = 200        \
    }
#define GETS(second, envelope, items)                                                              \
    {.at = second,                                                                                 \
     .act = CHAT,                                                                                  \
     .method = "INFO",                                                                             \
     .from = "chat",                                                                               \
     .to = "bo",                                                                                   \
     .tx = 71,                                                                                     \
     .call_number = 2,                                                                             \
     .class = CHAT_REPLY,                                                                          \
     .verb = CHAT_BCCONTEXT,                                                                       \
     .old_tag = envelope,                                                                          \
     .room = ROOM,                                                                                 \
     .history = items},                                                                            \
    {                                                                                              \
        .at = second, .method = "INFO", .from = "chat", .to = "bo", .tx = 71, .status = 200        \
    }

#define CALLED(second, which, word)                                                                \
    {                                                                                              \
        .at = second, .act = RENAME, .room = which, .room_name = word                              \
    }

static const struct script histories[] = {
    {"three items, two asked for", "chat-history-too-long",
     SCRIPT_STEPS(ASKS(1, 2), GETS(2, "7", ROOM " " ROOM " " ROOM)), 9,
     "warning chat-history-too-long [1 3] bo@contoso.example asked for the last 2 of " ROOM
     " and got 3 messages\n"},
    {"as many as asked for", "chat-history-too-long",
     SCRIPT_STEPS(ASKS(1, 2), GETS(2, "7", ROOM " " ROOM)), 9, ""},
    {"no number was given", "chat-history-too-long",
     SCRIPT_STEPS(ASKS(1, 0), GETS(2, "7", ROOM " " ROOM)), 9, ""},
    {"a reply to another query", "chat-history-too-long",
     SCRIPT_STEPS(ASKS(1, 1), GETS(2, "8", ROOM " " ROOM)), 9, ""},
    {"of another room", "chat-history-foreign",
     SCRIPT_STEPS(ASKS(1, 9), GETS(2, "7", ROOM " " ELSEWHERE)), 9,
     "error chat-history-foreign [1 3] The history of " ROOM " that bo@contoso.example asked "
     "for holds 1 message of another room, " ELSEWHERE "\n"},
    {"of another room, both by the names that they have then", "chat-history-foreign",
     SCRIPT_STEPS(CALLED(0, ROOM, "Ops"), CALLED(0, ELSEWHERE, "Coffee"), ASKS(1, 9),
                  GETS(2, "7", ROOM " " ELSEWHERE), CALLED(3, ROOM, "Ops EMEA")),
     9,
     "error chat-history-foreign [3 5] The history of Ops that bo@contoso.example asked for "
     "holds 1 message of another room, Coffee\n"},
    {"more than asked for, the name is only told later", "chat-history-too-long",
     SCRIPT_STEPS(ASKS(1, 1), GETS(2, "7", ROOM " " ROOM), CALLED(3, ROOM, "Ops")), 9,
     "warning chat-history-too-long [1 3] bo@contoso.example asked for the last 1 of Ops and got "
     "2 messages\n"},
    {"of the room", "chat-history-foreign", SCRIPT_STEPS(ASKS(1, 9), GETS(2, "7", ROOM)), 9, ""},
};

#define ANSWERED(second, asked)                                                                    \
    {.at = second,                                                                                 \
     .act = COMMAND,                                                                               \
     .method = "INFO",                                                                             \
     .from = "chat",                                                                               \
     .to = "bo",                                                                                   \
     .tx = 71,                                                                                     \
     .session = 2,                                                                                 \
     .who = "bo",                                                                                  \
     .id = 9,                                                                                      \
     .name = "bccontext",                                                                          \
     .verb = CHAT_BCCONTEXT,                                                                       \
     .room = ROOM,                                                                                 \
     .state = COMMAND_ANSWERED,                                                                    \
     .published = asked},                                                                          \
    {                                                                                              \
        .at = second, .method = "INFO", .from = "chat", .to = "bo", .tx = 71, .status = 200        \
    }
#define LISTED(second, post, ...)                                                                  \
    {                                                                                              \
        .at = second, .act = POST, .timer = true, .tx = 71, .session = 2, .who = "bo", .id = post, \
        .room = ROOM, .state = POST_HISTORY, __VA_ARGS__                                           \
    }
/* Bo's session is there, ada's three posts are answered; her copies do not matter here. */
#define THREE_POSTS                                                                                \
    BO_IN, POSTED(5, 1), ACCEPTED(5, 1), TO_BO(5, 1, 1), POSTED(6, 2), ACCEPTED(6, 2),             \
        TO_BO(6, 2, 2), POSTED(7, 3), ACCEPTED(7, 3), TO_BO(7, 3, 3) /* rows to 15 */

static const struct script gaps[] = {
    {"the middle one is not listed", "chat-history-incomplete",
     SCRIPT_STEPS(THREE_POSTS, ANSWERED(21, 20), LISTED(21, 1), LISTED(21, 3)), 29,
     "warning chat-history-incomplete [9 16] The history of Ops Bridge that bo@contoso.example "
     "asked for lacks a message that was accepted before\n"},
    {"old posts were forgotten", "chat-history-incomplete",
     SCRIPT_STEPS(THREE_POSTS,
                  {.at = 20, .act = COVERAGE, .coverage = COVERAGE_CAP, .name = "remembered"},
                  ANSWERED(21, 20), LISTED(21, 1), LISTED(21, 3)),
     29,
     "note coverage-cap [16] The limit remembered was reached 1 time: what lies beyond it was not "
     "looked at\n"},
    {"all are listed", "chat-history-incomplete",
     SCRIPT_STEPS(THREE_POSTS, ANSWERED(21, 20), LISTED(21, 1), LISTED(21, 2), LISTED(21, 3)), 29,
     ""},
    {"the first one is not: it may be beyond a limit", "chat-history-incomplete",
     SCRIPT_STEPS(THREE_POSTS, ANSWERED(21, 20), LISTED(21, 2), LISTED(21, 3)), 29, ""},
    {"the last one was too fresh", "chat-history-incomplete",
     SCRIPT_STEPS(THREE_POSTS, ANSWERED(13, 11), LISTED(13, 1), LISTED(13, 2)), 29, ""},
    {"something of ada's that is no captured post", "chat-history-incomplete",
     SCRIPT_STEPS(THREE_POSTS, ANSWERED(21, 20), LISTED(21, 1), LISTED(21, 8, .uncaptured = true),
                  LISTED(21, 3)),
     29, ""},
    {"something of another's", "chat-history-incomplete",
     SCRIPT_STEPS(THREE_POSTS, ANSWERED(21, 20), LISTED(21, 1),
                  LISTED(21, 8, .uncaptured = true, .author = "cy@x"), LISTED(21, 3)),
     29,
     "warning chat-history-incomplete [9 16] The history of Ops Bridge that bo@contoso.example "
     "asked for lacks a message that was accepted before\n"},
    {"bytes are missing", "chat-history-incomplete",
     SCRIPT_STEPS(THREE_POSTS, LOST(10, "chat", "bo"), ANSWERED(21, 20), LISTED(21, 1),
                  LISTED(21, 3)),
     29, "note coverage-gap [16] " GAP_TO_BO},
};

#define QUERIES(second, ...)                                                                       \
    {.at = second,                                                                                 \
     .act = COMMAND,                                                                               \
     .method = "INFO",                                                                             \
     .from = "bo",                                                                                 \
     .to = "chat",                                                                                 \
     .tx = 70,                                                                                     \
     .session = 2,                                                                                 \
     .who = "bo",                                                                                  \
     .id = 9,                                                                                      \
     .name = "bccontext",                                                                          \
     .verb = CHAT_BCCONTEXT,                                                                       \
     .room = ROOM,                                                                                 \
     .state = COMMAND_SENT,                                                                        \
     __VA_ARGS__},                                                                                 \
    {                                                                                              \
        .at = second, .method = "INFO", .from = "bo", .to = "chat", .tx = 70, .status = 200        \
    }

static const struct script outsiders[] = {
    {"a room that bo is not in", "chat-history-not-joined",
     SCRIPT_STEPS(CONNECTED(0, "bo", 2, 2), QUERIES(1)), 40,
     "note chat-history-not-joined [2] bo@contoso.example asked for the history of " ROOM
     " without having joined it\n"},
    {"while the join is open", "chat-history-not-joined",
     SCRIPT_STEPS(CONNECTED(0, "bo", 2, 2), QUERIES(1), JOINED(3, "bo", 2)), 32, ""},
    {"joined", "chat-history-not-joined", SCRIPT_STEPS(BO_IN, QUERIES(1)), 40, ""},
    {"the capture ends", "chat-history-not-joined",
     SCRIPT_STEPS(CONNECTED(0, "bo", 2, 2), QUERIES(1)), 30, ""},
    {"the session began before it", "chat-history-not-joined",
     SCRIPT_STEPS(QUERIES(1, .late_start = true)), 40, ""},
    {"the join may be in a gap", "chat-history-not-joined",
     SCRIPT_STEPS(CONNECTED(0, "bo", 2, 2), LOST(1, "chat", "bo"), QUERIES(1)), 40,
     "note coverage-gap [2] " GAP_TO_BO},
};

#define TABLE(rows) rows, sizeof(rows) / sizeof(rows)[0]

static const struct {
    const struct script *scripts;
    size_t count;
} tables[] = {
    {TABLE(echoes)},   {TABLE(copies)},    {TABLE(fates)}, {TABLE(orders)},
    {TABLE(contents)}, {TABLE(histories)}, {TABLE(gaps)},  {TABLE(outsiders)},
};

static void each_rule_and_its_guards(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        check_scripts(tables[i].scripts, tables[i].count);
    }
}

static void every_beginning_is_survived(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        check_beginnings(tables[i].scripts, tables[i].count);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_rule_and_its_guards),
        cmocka_unit_test(every_beginning_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
