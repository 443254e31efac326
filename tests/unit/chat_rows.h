/*
 * Rows of scripts about chat: who is in the room, and a post of ada's that is sent, accepted or
 * refused. For the tests of rules about chat and about posts.
 */
#ifndef OCSIGHT_TESTS_UNIT_CHAT_ROWS_H
#define OCSIGHT_TESTS_UNIT_CHAT_ROWS_H

#include "tests/unit/audit_script.h"

#define ROOM "ma-chan://contoso.example/0b6f5a52"

/* A session of ada (1) and one of bo (2), both in the room. */
#define ADA_IN                                                                                     \
    {.at = 0,                                                                                      \
     .act = SESSION,                                                                               \
     .method = "INVITE",                                                                           \
     .from = "ada",                                                                                \
     .to = "chat",                                                                                 \
     .tx = 11,                                                                                     \
     .status = 200,                                                                                \
     .session = 1,                                                                                 \
     .who = "ada",                                                                                 \
     .state = SESSION_CONNECTED},                                                                  \
        {.at = 0,                                                                                  \
         .act = MEMBER,                                                                            \
         .method = "INFO",                                                                         \
         .from = "chat",                                                                           \
         .to = "ada",                                                                              \
         .tx = 12,                                                                                 \
         .session = 1,                                                                             \
         .who = "ada",                                                                             \
         .room = ROOM,                                                                             \
         .state = MEMBER_JOINED},                                                                  \
    {                                                                                              \
        .at = 0, .method = "INFO", .from = "chat", .to = "ada", .tx = 12, .status = 200            \
    }
#define BO_IN                                                                                      \
    {.at = 0,                                                                                      \
     .act = SESSION,                                                                               \
     .method = "INVITE",                                                                           \
     .from = "bo",                                                                                 \
     .to = "chat",                                                                                 \
     .tx = 13,                                                                                     \
     .status = 200,                                                                                \
     .session = 2,                                                                                 \
     .who = "bo",                                                                                  \
     .state = SESSION_CONNECTED},                                                                  \
        {.at = 0,                                                                                  \
         .act = MEMBER,                                                                            \
         .method = "INFO",                                                                         \
         .from = "chat",                                                                           \
         .to = "bo",                                                                               \
         .tx = 14,                                                                                 \
         .session = 2,                                                                             \
         .who = "bo",                                                                              \
         .room = ROOM,                                                                             \
         .state = MEMBER_JOINED},                                                                  \
    {                                                                                              \
        .at = 0, .method = "INFO", .from = "chat", .to = "bo", .tx = 14, .status = 200             \
    }
#define POSTED(second, transaction, ...)                                                           \
    {                                                                                              \
        .at = second, .act = POST, .method = "INFO", .from = "ada", .to = "chat",                  \
        .tx = transaction, .session = 1, .who = "ada", .id = 1, .room = ROOM,                      \
        .room_name = "Ops Bridge", .state = POST_SENT, .membership = MEMBER_JOINED, __VA_ARGS__    \
    }
#define ACCEPTED(second, transaction)                                                              \
    {                                                                                              \
        .at = second, .act = POST, .method = "INFO", .from = "ada", .to = "chat",                  \
        .tx = transaction, .status = 200, .session = 1, .who = "ada", .id = 1, .room = ROOM,       \
        .room_name = "Ops Bridge", .state = POST_ACCEPTED                                          \
    }
#define REFUSED(second, transaction, ...)                                                          \
    {                                                                                              \
        .at = second, .act = POST, .method = "INFO", .from = "ada", .to = "chat",                  \
        .tx = transaction, .status = 503, .session = 1, .who = "ada", .id = 1, .room = ROOM,       \
        .room_name = "Ops Bridge", .state = POST_REFUSED, __VA_ARGS__                              \
    }

/* No message: what it says of ada's own copy is all that matters here. */
#define ECHO(second)                                                                               \
    {                                                                                              \
        .at = second, .act = POST, .timer = true, .session = 1, .who = "ada", .id = 1,             \
        .room = ROOM, .room_name = "Ops Bridge", .state = POST_DELIVERED                           \
    }

#endif
