/*
 * Rules about SIP: each one fired once, and once for each guard kept silent.
 */
#include "tests/unit/audit_script.h"

#include <stdlib.h>
#include <string.h>

/* Somebody else's exchange that shows that the server's answers to ada are captured. */
#define HEARD                                                                                      \
    {.at = 0, .method = "OPTIONS", .from = "ada", .to = "chat", .tx = 90},                         \
    {                                                                                              \
        .at = 0, .method = "OPTIONS", .from = "ada", .to = "chat", .tx = 90, .status = 200         \
    }

static const struct step unanswered[] = {
    HEARD,
    {.at = 1, .method = "INFO", .from = "ada", .to = "chat", .tx = 1},
    {.at = 2,
     .method = "INFO",
     .from = "ada",
     .to = "chat",
     .tx = 1,
     .role = MESSAGE_RETRANSMISSION},
    {.act = STEPS_END},
};

static const struct script requests[] = {
    {"an INFO that nobody answers, its copies are evidence", "sip-request-unanswered", unanswered,
     34,
     "error sip-request-unanswered [3 4] INFO from ada@contoso.example to chat@contoso.example got "
     "no "
     "final answer within 32 s (sent to 192.0.2.5:5061)\n"},
    {"the capture ends before the wait is over", "sip-request-unanswered", unanswered, 32, ""},
    {"the capture ends with the wait", "sip-request-unanswered", unanswered, 33,
     "error sip-request-unanswered [3 4] INFO from ada@contoso.example to chat@contoso.example got "
     "no "
     "final answer within 32 s (sent to 192.0.2.5:5061)\n"},
    {"answered at the last moment", "sip-request-unanswered",
     SCRIPT_STEPS(
         HEARD, {.at = 1, .method = "INFO", .from = "ada", .to = "chat", .tx = 1},
         {.at = 33, .method = "INFO", .from = "ada", .to = "chat", .tx = 1, .status = 200}),
     100, ""},
    {"answered too late", "sip-request-unanswered",
     SCRIPT_STEPS(
         HEARD, {.at = 1, .method = "INFO", .from = "ada", .to = "chat", .tx = 1},
         {.at = 42, .method = "INFO", .from = "ada", .to = "chat", .tx = 1, .status = 200}),
     100,
     "warning sip-request-unanswered [3 4] INFO from ada@contoso.example to chat@contoso.example "
     "was "
     "answered only after 41 s (sent to 192.0.2.5:5061)\n"},
    {"that the server answers at all is learned afterwards", "sip-request-unanswered",
     SCRIPT_STEPS(
         {.at = 0, .method = "INFO", .from = "ada", .to = "chat", .tx = 1},
         {.at = 50, .method = "OPTIONS", .from = "ada", .to = "chat", .tx = 2},
         {.at = 51, .method = "OPTIONS", .from = "ada", .to = "chat", .tx = 2, .status = 200}),
     60,
     "error sip-request-unanswered [1] INFO from ada@contoso.example to chat@contoso.example got "
     "no "
     "final answer within 32 s (sent to 192.0.2.5:5061)\n"},
    {"nothing was ever heard from that server", "sip-request-unanswered",
     SCRIPT_STEPS({.at = 1, .method = "INFO", .from = "ada", .to = "chat", .tx = 1}), 100, ""},
    {"bytes are missing from the server's direction", "sip-request-unanswered",
     SCRIPT_STEPS(
         HEARD, {.at = 1, .method = "INFO", .from = "ada", .to = "chat", .tx = 1},
         {.at = 9, .act = COVERAGE, .coverage = COVERAGE_GAP, .from = "chat", .to = "ada"}),
     100,
     "note coverage-gap [4] Part of the stream from 192.0.2.5:5061 to 192.0.2.21:52311 was not "
     "captured: 1460 bytes missing\n"},
    {"bytes were missing, but long before", "sip-request-unanswered",
     SCRIPT_STEPS(HEARD,
                  {.at = 0, .act = COVERAGE, .coverage = COVERAGE_GAP, .from = "chat", .to = "ada"},
                  {.at = 1, .method = "INFO", .from = "ada", .to = "chat", .tx = 1}),
     100,
     "note coverage-gap [3] Part of the stream from 192.0.2.5:5061 to 192.0.2.21:52311 was not "
     "captured: 1460 bytes missing\n"
     "error sip-request-unanswered [4] INFO from ada@contoso.example to chat@contoso.example got "
     "no "
     "final answer within 32 s (sent to 192.0.2.5:5061)\n"},
    {"bytes are missing from the other direction only", "sip-request-unanswered",
     SCRIPT_STEPS(
         HEARD, {.at = 1, .method = "INFO", .from = "ada", .to = "chat", .tx = 1},
         {.at = 9, .act = COVERAGE, .coverage = COVERAGE_GAP, .from = "ada", .to = "chat"}),
     100,
     "error sip-request-unanswered [3] INFO from ada@contoso.example to chat@contoso.example got "
     "no "
     "final answer within 32 s (sent to 192.0.2.5:5061)\n"
     "note coverage-gap [4] Part of the stream from 192.0.2.21:52311 to 192.0.2.5:5061 was not "
     "captured: 1460 bytes missing\n"},
    {"the conversation was captured in one direction", "sip-request-unanswered",
     SCRIPT_STEPS(
         HEARD, {.at = 1, .method = "INFO", .from = "ada", .to = "chat", .tx = 1},
         {.at = 90, .act = COVERAGE, .coverage = COVERAGE_ONE_SIDED, .from = "ada", .to = "chat"}),
     100,
     "note coverage-one-sided [4] Only one direction of 1 conversation with 192.0.2.5:5061 was "
     "captured\n"},
    {"transactions were forgotten", "sip-request-unanswered",
     SCRIPT_STEPS(HEARD, {.at = 1, .method = "INFO", .from = "ada", .to = "chat", .tx = 1},
                  {.at = 9, .act = COVERAGE, .coverage = COVERAGE_CAP, .name = "transactions"}),
     100,
     "note coverage-cap [4] The limit transactions was reached 1 time: what lies beyond it was not "
     "looked at\n"},
    {"a cap that only one message felt blinds nobody", "sip-request-unanswered",
     SCRIPT_STEPS(HEARD, {.at = 1, .method = "INFO", .from = "ada", .to = "chat", .tx = 1},
                  {.at = 9, .act = COVERAGE, .coverage = COVERAGE_CAP, .name = "xml_depth"}),
     100,
     "error sip-request-unanswered [3] INFO from ada@contoso.example to chat@contoso.example got "
     "no "
     "final answer within 32 s (sent to 192.0.2.5:5061)\n"
     "note coverage-cap [4] The limit xml_depth was reached 1 time: what lies beyond it was not "
     "looked at\n"},
    {"the input with that flow ends early, another goes on", "sip-request-unanswered",
     SCRIPT_STEPS(
         HEARD, {.at = 1, .method = "INFO", .from = "ada", .to = "chat", .tx = 1},
         {.at = 90, .method = "BENOTIFY", .from = "chat", .to = "bo", .tx = 2, .input = 1}),
     100, ""},
    {"a datagram sent once: its answer may be lost, and no gap would show it",
     "sip-request-unanswered",
     SCRIPT_STEPS(HEARD,
                  {.at = 1, .method = "INFO", .from = "ada", .to = "chat", .tx = 1, .udp = true}),
     100, ""},
    {"a datagram sent again was not answered", "sip-request-unanswered",
     SCRIPT_STEPS(HEARD,
                  {.at = 1, .method = "INFO", .from = "ada", .to = "chat", .tx = 1, .udp = true},
                  {.at = 2,
                   .method = "INFO",
                   .from = "ada",
                   .to = "chat",
                   .tx = 1,
                   .udp = true,
                   .role = MESSAGE_RETRANSMISSION}),
     100,
     "error sip-request-unanswered [3 4] INFO from ada@contoso.example to chat@contoso.example got "
     "no final answer within 32 s (sent to 192.0.2.5:5061)\n"},
    {"an INVITE whose ACK was captured was answered", "sip-request-unanswered",
     SCRIPT_STEPS(HEARD,
                  {.at = 1, .method = "INVITE", .from = "ada", .to = "bo", .tx = 1, .cseq = 7},
                  {.at = 2, .method = "ACK", .from = "ada", .to = "bo", .tx = 2, .cseq = 7}),
     400, ""},
    {"a request that comes after what followed it: its answer may be past",
     "sip-request-unanswered",
     SCRIPT_STEPS(HEARD, {.at = 5, .method = "BENOTIFY", .from = "chat", .to = "ada", .tx = 2},
                  {.at = 1, .method = "INFO", .from = "ada", .to = "chat", .tx = 1}),
     100, ""},
    {"a request that cannot be understood", "sip-request-unanswered",
     SCRIPT_STEPS(
         HEARD,
         {.at = 1, .method = "INFO", .from = "ada", .to = "chat", .tx = 1, .flags = SIP_MALFORMED}),
     100, ""},
    {"a request without a Call-ID has no answer to be matched with", "sip-request-unanswered",
     SCRIPT_STEPS(
         HEARD,
         {.at = 1, .method = "INFO", .from = "ada", .to = "chat", .tx = 1, .nameless = true}),
     100, ""},
    {"ACK, BENOTIFY and CANCEL have no answer to wait for", "sip-request-unanswered",
     SCRIPT_STEPS(HEARD, {.at = 1, .method = "ACK", .from = "ada", .to = "chat", .tx = 1},
                  {.at = 1, .method = "BENOTIFY", .from = "ada", .to = "chat", .tx = 2},
                  {.at = 1, .method = "CANCEL", .from = "ada", .to = "chat", .tx = 3}),
     100, ""},
    {"an INVITE that somebody works on has 180 s", "sip-request-unanswered",
     SCRIPT_STEPS(HEARD, {.at = 1, .method = "INVITE", .from = "ada", .to = "bo", .tx = 1},
                  {.at = 2, .method = "INVITE", .from = "ada", .to = "bo", .tx = 1, .status = 180}),
     181, ""},
    {"and not more", "sip-request-unanswered",
     SCRIPT_STEPS(HEARD, {.at = 1, .method = "INVITE", .from = "ada", .to = "bo", .tx = 1},
                  {.at = 2, .method = "INVITE", .from = "ada", .to = "bo", .tx = 1, .status = 180}),
     182,
     "error sip-request-unanswered [3] INVITE from ada@contoso.example to bo@contoso.example got "
     "no "
     "final answer within 181 s (sent to 192.0.2.5:5061)\n"},
    {"unless its Expires is longer", "sip-request-unanswered",
     SCRIPT_STEPS(HEARD,
                  {.at = 1, .method = "INVITE", .from = "ada", .to = "bo", .tx = 1, .expires = 600},
                  {.at = 2, .method = "INVITE", .from = "ada", .to = "bo", .tx = 1, .status = 180}),
     600, ""},
    {"a cancelled INVITE", "sip-request-unanswered",
     SCRIPT_STEPS(HEARD,
                  {.at = 1, .method = "INVITE", .from = "ada", .to = "bo", .tx = 1, .cseq = 7},
                  {.at = 2,
                   .method = "INVITE",
                   .from = "ada",
                   .to = "bo",
                   .tx = 1,
                   .cseq = 7,
                   .status = 180},
                  {.at = 9, .method = "CANCEL", .from = "ada", .to = "bo", .tx = 2, .cseq = 7},
                  {.at = 9,
                   .method = "CANCEL",
                   .from = "ada",
                   .to = "bo",
                   .tx = 2,
                   .cseq = 7,
                   .status = 200}),
     400, ""},
    {"only the answer to the CANCEL was captured", "sip-request-unanswered",
     SCRIPT_STEPS(HEARD,
                  {.at = 1, .method = "INVITE", .from = "ada", .to = "bo", .tx = 1, .cseq = 7},
                  {.at = 9,
                   .method = "CANCEL",
                   .from = "ada",
                   .to = "bo",
                   .tx = 2,
                   .cseq = 7,
                   .status = 200}),
     400, ""},
    {"a request from a text log, where other answers are logged", "sip-request-unanswered",
     SCRIPT_STEPS(
         {.at = 0, .method = "OPTIONS", .from = "ada", .to = "chat", .tx = 2, .no_hosts = true},
         {.at = 0,
          .method = "OPTIONS",
          .from = "ada",
          .to = "chat",
          .tx = 2,
          .status = 200,
          .no_hosts = true},
         {.at = 1, .method = "INFO", .from = "ada", .to = "chat", .tx = 1, .no_hosts = true}),
     40,
     "error sip-request-unanswered [3] INFO from ada@contoso.example to chat@contoso.example got "
     "no "
     "final answer within 32 s\n"},
};

static const struct script refusals[] = {
    {"a registration refused three times is one finding", "register-refused",
     SCRIPT_STEPS(
         {.at = 0, .method = "REGISTER", .from = "ada", .to = "ada", .tx = 1},
         {.at = 1,
          .method = "REGISTER",
          .from = "ada",
          .to = "ada",
          .tx = 1,
          .status = 403,
          .kept = true},
         {.at = 2, .method = "REGISTER", .from = "ada", .to = "ada", .tx = 2, .status = 403},
         {.at = 3, .method = "REGISTER", .from = "ada", .to = "ada", .tx = 3, .status = 403},
         {.at = 4,
          .method = "REGISTER",
          .from = "ada",
          .to = "ada",
          .tx = 3,
          .status = 403,
          .role = MESSAGE_ANOTHER_HOP}),
     9,
     "error register-refused [1 2 3 4 5] The registration of ada@contoso.example was refused 3 "
     "times: 403 Reason\n"},
    {"the server speaks of clocks", "register-refused",
     SCRIPT_STEPS({.at = 1,
                   .method = "REGISTER",
                   .from = "ada",
                   .to = "ada",
                   .tx = 1,
                   .status = 403,
                   .diag = 4,
                   .why = "Clock skew too great"}),
     9,
     "error register-refused [1] The registration of ada@contoso.example was refused: 403 Clock "
     "skew too "
     "great (clocks must agree within 5 minutes for Kerberos, 15 for NTLM)\n"},
    {"an ordinary sign-in is challenged twice", "register-refused",
     SCRIPT_STEPS(
         {.at = 1, .method = "REGISTER", .from = "ada", .to = "ada", .tx = 1, .status = 401},
         {.at = 2, .method = "REGISTER", .from = "ada", .to = "ada", .tx = 2, .status = 401},
         {.at = 3, .method = "REGISTER", .from = "ada", .to = "ada", .tx = 3, .status = 200}),
     9, ""},
    {"challenges count in a row only", "register-refused",
     SCRIPT_STEPS(
         {.at = 1, .method = "REGISTER", .from = "ada", .to = "ada", .tx = 1, .status = 401},
         {.at = 2, .method = "REGISTER", .from = "ada", .to = "ada", .tx = 2, .status = 401},
         {.at = 3, .method = "REGISTER", .from = "ada", .to = "ada", .tx = 3, .status = 401},
         {.at = 4, .method = "REGISTER", .from = "ada", .to = "ada", .tx = 4, .status = 200},
         {.at = 5, .method = "REGISTER", .from = "ada", .to = "ada", .tx = 5, .status = 401}),
     9, ""},
    {"the fourth challenge in a row", "register-refused",
     SCRIPT_STEPS(
         {.at = 1, .method = "REGISTER", .from = "ada", .to = "ada", .tx = 1, .status = 401},
         {.at = 2, .method = "REGISTER", .from = "ada", .to = "ada", .tx = 2, .status = 401},
         {.at = 3, .method = "REGISTER", .from = "ada", .to = "ada", .tx = 3, .status = 401},
         {.at = 4, .method = "REGISTER", .from = "ada", .to = "ada", .tx = 4, .status = 401},
         {.at = 5, .method = "REGISTER", .from = "ada", .to = "ada", .tx = 5, .status = 401}),
     9,
     "error register-refused [1 2 3 4 5] ada@contoso.example was challenged more than three times "
     "in a row "
     "and is not registered\n"},
    {"an answer between the challenges may be missing", "register-refused",
     SCRIPT_STEPS(
         {.at = 1, .method = "REGISTER", .from = "ada", .to = "ada", .tx = 1, .status = 401},
         {.at = 2, .method = "REGISTER", .from = "ada", .to = "ada", .tx = 2, .status = 401},
         {.at = 3, .act = COVERAGE, .coverage = COVERAGE_GAP, .from = "chat", .to = "ada"},
         {.at = 4, .method = "REGISTER", .from = "ada", .to = "ada", .tx = 3, .status = 401},
         {.at = 5, .method = "REGISTER", .from = "ada", .to = "ada", .tx = 4, .status = 401}),
     9,
     "note coverage-gap [3] Part of the stream from 192.0.2.5:5061 to 192.0.2.21:52311 was not "
     "captured: 1460 bytes missing\n"},
    {"a new sign-in over UDP, where a lost answer leaves no gap", "register-refused",
     SCRIPT_STEPS(
         {.at = 1,
          .method = "REGISTER",
          .from = "ada",
          .to = "ada",
          .tx = 1,
          .status = 401,
          .udp = true,
          .kept = true},
         {.at = 2, .method = "REGISTER", .from = "ada", .to = "ada", .tx = 2, .status = 401},
         {.at = 3,
          .method = "REGISTER",
          .from = "ada",
          .to = "ada",
          .tx = 3,
          .status = 401,
          .udp = true,
          .kept = true},
         {.at = 4, .method = "REGISTER", .from = "ada", .to = "ada", .tx = 4, .status = 401}),
     9, ""},
    {"too brief is a negotiation", "register-refused",
     SCRIPT_STEPS(
         {.at = 1, .method = "REGISTER", .from = "ada", .to = "ada", .tx = 1, .status = 423}),
     9, ""},
    {"another pool", "register-redirected",
     SCRIPT_STEPS({.at = 1,
                   .method = "REGISTER",
                   .from = "ada",
                   .to = "ada",
                   .tx = 1,
                   .status = 301,
                   .contact = "sip:pool02.contoso.example"}),
     9,
     "note register-redirected [1] ada@contoso.example was sent to another server to register: "
     "sip:pool02.contoso.example\n"},
    {"a subscription refused", "subscription-refused",
     SCRIPT_STEPS(
         {.at = 0, .method = "SUBSCRIBE", .from = "ada", .to = "bo", .tx = 1, .event = "presence"},
         {.at = 1,
          .method = "SUBSCRIBE",
          .from = "ada",
          .to = "bo",
          .tx = 1,
          .status = 404,
          .kept = true,
          .event = "presence"}),
     9,
     "warning subscription-refused [1 2] A subscription of ada@contoso.example to "
     "bo@contoso.example for "
     "presence was refused: 404 Reason\n"},
    {"contacts that moved to Exchange", "subscription-refused",
     SCRIPT_STEPS({.at = 1,
                   .method = "SUBSCRIBE",
                   .from = "ada",
                   .to = "ada",
                   .tx = 1,
                   .status = 488,
                   .kept = true,
                   .event = "vnd-microsoft-roaming-contacts"}),
     9, ""},
    {"the end of a subscription that is gone already", "subscription-refused",
     SCRIPT_STEPS({.at = 1,
                   .method = "SUBSCRIBE",
                   .from = "ada",
                   .to = "bo",
                   .tx = 1,
                   .status = 481,
                   .kept = true,
                   .event = "presence",
                   .expires = -1}),
     9, ""},
    {"a challenge to a SUBSCRIBE", "subscription-refused",
     SCRIPT_STEPS(
         {.at = 1, .method = "SUBSCRIBE", .from = "ada", .to = "bo", .tx = 1, .status = 407}),
     9, ""},
    {"a PUBLISH refused", "publish-refused",
     SCRIPT_STEPS(
         {.at = 1, .method = "PUBLISH", .from = "ada", .to = "ada", .tx = 1, .status = 489}),
     9,
     "warning publish-refused [1] The presence that ada@contoso.example published (PUBLISH) was "
     "refused: 489 Reason\n"},
    {"categories refused", "publish-refused",
     SCRIPT_STEPS({.at = 0, .method = "SERVICE", .from = "ada", .to = "ada", .tx = 1},
                  {.at = 1,
                   .method = "SERVICE",
                   .from = "ada",
                   .to = "ada",
                   .tx = 1,
                   .status = 400,
                   .kept = true,
                   .content = "application/msrtc-category-publish+xml"}),
     9,
     "warning publish-refused [1 2] The presence that ada@contoso.example published (SERVICE) was "
     "refused: 400 Reason\n"},
    {"another SERVICE refused, or one whose request is not known", "publish-refused",
     SCRIPT_STEPS(
         {.at = 1,
          .method = "SERVICE",
          .from = "ada",
          .to = "ada",
          .tx = 1,
          .status = 400,
          .kept = true,
          .content = "application/SOAP+xml"},
         {.at = 1, .method = "SERVICE", .from = "ada", .to = "ada", .tx = 2, .status = 400}),
     9, ""},
    {"a version conflict and a lost entity tag", "publish-refused",
     SCRIPT_STEPS(
         {.at = 1, .method = "PUBLISH", .from = "ada", .to = "ada", .tx = 1, .status = 412},
         {.at = 2,
          .method = "SERVICE",
          .from = "ada",
          .to = "ada",
          .tx = 2,
          .status = 409,
          .kept = true,
          .content = "application/msrtc-category-publish+xml"}),
     9, ""},
    {"a call to nobody", "call-failed",
     SCRIPT_STEPS({.at = 1,
                   .method = "INVITE",
                   .from = "ada",
                   .to = "bo",
                   .tx = 1,
                   .status = 404,
                   .diag = 1003,
                   .why = "User does not exist"}),
     9,
     "note call-failed [1] A call from ada@contoso.example to bo@contoso.example failed: 404 User "
     "does not exist\n"},
    {"busy, declined, given up, crossing, challenged", "call-failed",
     SCRIPT_STEPS({.at = 1, .method = "INVITE", .from = "ada", .to = "bo", .tx = 1, .status = 486},
                  {.at = 1, .method = "INVITE", .from = "ada", .to = "bo", .tx = 2, .status = 603},
                  {.at = 1, .method = "INVITE", .from = "ada", .to = "bo", .tx = 3, .status = 487},
                  {.at = 1, .method = "INVITE", .from = "ada", .to = "bo", .tx = 4, .status = 491},
                  {.at = 1, .method = "INVITE", .from = "ada", .to = "bo", .tx = 5, .status = 407}),
     9, ""},
    {"one branch refuses, another answers", "call-failed",
     SCRIPT_STEPS({.at = 1, .method = "INVITE", .from = "ada", .to = "bo", .tx = 1, .status = 480},
                  {.at = 2, .method = "INVITE", .from = "ada", .to = "bo", .tx = 1, .status = 200}),
     9, ""},
};

static const struct script remarks[] = {
    {"diagnostics of one kind are one finding", "sip-diagnostics",
     SCRIPT_STEPS({.at = 1,
                   .method = "MESSAGE",
                   .from = "ada",
                   .to = "bo",
                   .tx = 1,
                   .status = 480,
                   .diag = 15030,
                   .why = "Failed to route"},
                  {.at = 2,
                   .method = "BYE",
                   .from = "bo",
                   .to = "ada",
                   .tx = 2,
                   .diag = 51004,
                   .why = "Media"},
                  {.at = 3,
                   .method = "MESSAGE",
                   .from = "bo",
                   .to = "ada",
                   .tx = 3,
                   .status = 480,
                   .diag = 15030,
                   .why = "Failed to route"}),
     9,
     "note sip-diagnostics [1 3] 2 messages carried ms-diagnostics 15030 from "
     "fe01.contoso.example: Failed to route\n"
     "note sip-diagnostics [2] 1 message carried ms-diagnostics 51004 from fe01.contoso.example: "
     "Media\n"},
    {"the same in the public header", "sip-diagnostics",
     SCRIPT_STEPS({.at = 1,
                   .method = "BYE",
                   .from = "bo",
                   .to = "ada",
                   .tx = 2,
                   .diag = 51004,
                   .why = "Media",
                   .diag_twice = true}),
     9,
     "note sip-diagnostics [1] 1 message carried ms-diagnostics 51004 from fe01.contoso.example: "
     "Media\n"},
    {"the chat range is judged elsewhere", "sip-diagnostics",
     SCRIPT_STEPS({.at = 1,
                   .method = "BYE",
                   .from = "chat",
                   .to = "ada",
                   .tx = 1,
                   .diag = 20007,
                   .why = "x"}),
     9,
     "warning chat-diagnostics [1] The chat service reported 20007 (x) on 1 message of "
     "chat@contoso.example, from "
     "fe01.contoso.example\n"},
    {"a closer rule speaks of it", "sip-diagnostics",
     SCRIPT_STEPS({.at = 1,
                   .method = "REGISTER",
                   .from = "ada",
                   .to = "ada",
                   .tx = 1,
                   .status = 403,
                   .diag = 4,
                   .why = "Not allowed"}),
     9,
     "error register-refused [1] The registration of ada@contoso.example was refused: 403 Not "
     "allowed\n"},
};

static void requests_wait_for_an_answer(void **state)
{
    (void)state;
    check_scripts(requests, sizeof requests / sizeof requests[0]);
}

static void refusals_are_told_once(void **state)
{
    (void)state;
    check_scripts(refusals, sizeof refusals / sizeof refusals[0]);
}

static void diagnostics_are_grouped(void **state)
{
    (void)state;
    check_scripts(remarks, sizeof remarks / sizeof remarks[0]);
}

static void every_beginning_is_survived(void **state)
{
    (void)state;
    check_beginnings(requests, sizeof requests / sizeof requests[0]);
    check_beginnings(refusals, sizeof refusals / sizeof refusals[0]);
    check_beginnings(remarks, sizeof remarks / sizeof remarks[0]);
}

static const struct script coverage[] = {
    {"unreadable connections are counted per server", "coverage-encrypted",
     SCRIPT_STEPS(
         {.at = 1,
          .act = COVERAGE,
          .coverage = COVERAGE_ENCRYPTED,
          .from = "ada",
          .to = "chat",
          .count = 40},
         {.at = 2,
          .act = COVERAGE,
          .coverage = COVERAGE_ENCRYPTED,
          .from = "bo",
          .to = "chat",
          .count = 50},
         {.at = 3, .act = COVERAGE, .coverage = COVERAGE_ENCRYPTED, .from = "chat", .to = "ada"}),
     9,
     "note coverage-encrypted [1 2] 2 TLS connections to 192.0.2.5:5061 could not be read: no "
     "keys\n"
     "note coverage-encrypted [3] 1 TLS connection to 192.0.2.21:52311 could not be read: no "
     "keys\n"},
    {"compressed", "coverage-compressed",
     SCRIPT_STEPS(
         {.at = 1, .act = COVERAGE, .coverage = COVERAGE_COMPRESSED, .from = "ada", .to = "chat"}),
     9,
     "note coverage-compressed [1] 1 connection to 192.0.2.5:5061 could not be read: compressed "
     "after NEGOTIATE\n"},
    {"one input cut short, one without SIP", "coverage-truncated",
     SCRIPT_STEPS(
         {.at = 1, .act = COVERAGE, .coverage = COVERAGE_TRUNCATED, .name = "ends inside a record"},
         {.at = 1, .act = COVERAGE, .coverage = COVERAGE_NO_SIP, .input = 1}),
     9,
     "note coverage-truncated [1] The capture is cut short: ends inside a record\n"
     "note coverage-no-sip [2] The input holds no SIP that could be read\n"},
    {"clocks per input, with a count", "coverage-clock",
     SCRIPT_STEPS({.at = 1, .act = COVERAGE, .coverage = COVERAGE_CLOCK},
                  {.at = 2, .act = COVERAGE, .coverage = COVERAGE_CLOCK},
                  {.at = 2, .act = COVERAGE, .coverage = COVERAGE_CLOCK, .input = 1}),
     9,
     "note coverage-clock [1 2] The record times go backwards 2 times, so waiting times in this "
     "input may be wrong\n"
     "note coverage-clock [3] The record times go backwards 1 time, so waiting times in this input "
     "may be wrong\n"},
    {"caps by name", "coverage-cap",
     SCRIPT_STEPS(
         {.at = 1, .act = COVERAGE, .coverage = COVERAGE_CAP, .name = "dialogs", .count = 3},
         {.at = 2, .act = COVERAGE, .coverage = COVERAGE_CAP, .name = "rooms"},
         {.at = 3, .act = COVERAGE, .coverage = COVERAGE_CAP, .name = "dialogs"}),
     9,
     "note coverage-cap [1 3] The limit dialogs was reached 4 times: what lies beyond it was not "
     "looked at\n"
     "note coverage-cap [2] The limit rooms was reached 1 time: what lies beyond it was not looked "
     "at\n"},
};

static void what_could_not_be_read_is_said(void **state)
{
    (void)state;
    check_scripts(coverage, sizeof coverage / sizeof coverage[0]);
}

static void own_caps_are_told(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    limits.findings = 2;
    limits.evidence = 2;
    const struct script notes = {
        .title = "notes fill half",
        .steps = SCRIPT_STEPS(
            {.at = 1, .act = COVERAGE, .coverage = COVERAGE_GAP, .from = "ada", .to = "chat"},
            {.at = 2, .act = COVERAGE, .coverage = COVERAGE_GAP, .from = "ada", .to = "chat"},
            {.at = 3, .method = "REGISTER", .from = "ada", .to = "ada", .tx = 1, .status = 403},
            {.at = 4, .method = "REGISTER", .from = "ada", .to = "ada", .tx = 2, .status = 403},
            {.at = 5, .method = "REGISTER", .from = "ada", .to = "ada", .tx = 3, .status = 403}),
        .end = 9,
    };
    char *got = audit_script(&notes, &limits, NULL);
    assert_string_equal(got, "note coverage-gap [1] Part of the stream from 192.0.2.21:52311 to "
                             "192.0.2.5:5061 was not captured: "
                             "1460 bytes missing\n"
                             "error register-refused [3 4 +1] The registration of "
                             "ada@contoso.example was refused 3 times: 403 Reason\n"
                             "note coverage-cap [] The limit findings was reached 1 time: what "
                             "lies beyond it was not looked at\n");
    free(got);
    limits = limits_default();
    limits.expectations = 1;
    const struct script waits = {.title = "no place to wait", .steps = unanswered, .end = 100};
    got = audit_script(&waits, &limits, NULL);
    assert_true(mentions(got, "sip-request-unanswered"));
    free(got);
    const struct script two = {
        .title = "two at once",
        .steps = SCRIPT_STEPS({.at = 1, .method = "INFO", .from = "ada", .to = "chat", .tx = 1},
                              {.at = 1, .method = "INFO", .from = "ada", .to = "chat", .tx = 2}),
        .end = 9,
    };
    got = audit_script(&two, &limits, NULL);
    assert_string_equal(
        got, "note coverage-cap [] The limit expectations was reached 1 time: what lies beyond "
             "it was not looked at\n");
    free(got);
}

static void waits_can_be_changed(void **state)
{
    (void)state;
    struct minutes minutes = {.limits = limits_default(), .last_time = INT64_MIN};
    buffer_init(&minutes.text, 1U << 16);
    const struct finding_sink sink = {write_finding, &minutes};
    struct audit *audit = audit_new(test_seed(), &minutes.limits, &sink);
    assert_false(audit_set_wait(audit, slice_of("no-such-rule"), 1));
    assert_false(audit_enable(audit, slice_of("no-such-rule"), true));
    assert_true(audit_set_wait(audit, slice_of("sip-request-unanswered"), 5));
    audit_disable_all(audit);
    assert_true(audit_enable(audit, slice_of("sip-request-unanswered"), true));
    const struct audience audience = {to_audit_event, to_audit_change, audit};
    play(&audience, unanswered);
    audit_end(audit, START + 7 * TIME_SECOND);
    audit_free(audit);
    assert_slice_equal(
        buffer_slice(&minutes.text),
        "error sip-request-unanswered [3 4] INFO from ada@contoso.example to "
        "chat@contoso.example got no final answer within 5 s (sent to 192.0.2.5:5061)\n");
    buffer_dispose(&minutes.text);
}

static void every_rule_explains_itself(void **state)
{
    (void)state;
    const struct rule_info *rule = NULL;
    for (size_t i = 0; (rule = audit_rule(i)) != NULL; i++) {
        assert_non_null(rule->name);
        assert_ptr_equal(audit_rule_find(slice_of(rule->name)), rule);
        const char *texts[] = {rule->meaning, rule->reason, rule->guard, rule->basis};
        for (size_t j = 0; j < sizeof texts / sizeof texts[0]; j++) {
            assert_non_null(texts[j]);
            assert_true(strlen(texts[j]) > 3);
        }
    }
    assert_null(audit_rule_find(slice_of("sip-")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_wait_for_an_answer),
        cmocka_unit_test(refusals_are_told_once),
        cmocka_unit_test(diagnostics_are_grouped),
        cmocka_unit_test(every_beginning_is_survived),
        cmocka_unit_test(what_could_not_be_read_is_said),
        cmocka_unit_test(own_caps_are_told),
        cmocka_unit_test(waits_can_be_changed),
        cmocka_unit_test(every_rule_explains_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
