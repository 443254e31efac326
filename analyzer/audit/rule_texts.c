/*
 * What each rule says of itself: `ocsight rules` prints it. What it does is in
 * rules.c. The short ids in `basis` are those of the audit rules that the product
 * was asked for; the documents are what users can look up.
 */
#include <assert.h>

#include "analyzer/audit/rules.h"

/* clang-format off */
static const struct rule_info infos[] = {
    [RULE_SIP_REQUEST_UNANSWERED] = {
        .name = "sip-request-unanswered", .severity = SEVERITY_ERROR, .wait = 32,
        .meaning = "A SIP request got no final response, or one that came too late (then a warning). An INVITE that "
                   "somebody is working on (a provisional response) has 180 s from the last of these, or its Expires if that is longer.",
        .reason = "The sender's transaction has timed out by then: for the user something simply did not happen.",
        .guard = "Not for ACK, CANCEL and BENOTIFY, which are not answered, nor for an INVITE that was cancelled. Silent unless "
                 "responses from that host to the sender were captured otherwise, the input goes on for the whole time, and nothing is missing "
                 "from the direction in which the answer would have come. Over UDP a lost answer leaves no gap: there the sender must have repeated the request.",
        .basis = "RFC 3261 17.1.2.2 (timer F), 17.1.1.2 (timer B), 16.6 (timer C); RFC 3265 3.2.2; N1, XB01",
    },
    [RULE_REGISTER_REFUSED] = {
        .name = "register-refused", .severity = SEVERITY_ERROR,
        .meaning = "A registration was refused with a final 4xx, 5xx or 6xx, or answered by more than three challenges in a row. "
                   "Refusals of one user with one status are one finding.",
        .reason = "The user cannot sign in at this endpoint. When the server's reason speaks of clocks, the finding says how far they may differ.",
        .guard = "The challenges of an ordinary sign-in (401, 407) and 423 (ask for a longer time) are not refusals. Challenges are "
                 "counted afresh where an answer between them may have been missed.",
        .basis = "RFC 3261 10.3, 22; [MS-SIPAE] 4.1; [MS-SIP] 3 (clocks: 5 min for Kerberos, 15 for NTLM)",
    },
    [RULE_REGISTER_REDIRECTED] = {
        .name = "register-redirected", .severity = SEVERITY_NOTE,
        .meaning = "A registration was answered with 301: the user's pool is another one, or a Director answered.",
        .reason = "The sign-in goes on over another connection, which the capture may not hold.",
        .guard = "None: the response itself says it.",
        .basis = "RFC 3261 21.3.2; sipe client, sip-transport.c",
    },
    [RULE_SUBSCRIPTION_REFUSED] = {
        .name = "subscription-refused", .severity = SEVERITY_WARNING,
        .meaning = "A SUBSCRIBE was refused for good. Repeats with the same status are one finding.",
        .reason = "The watcher will not see what it asked for.",
        .guard = "Not for challenges, 423, 409 and 412, for 488 to the contact list (it has moved to Exchange), nor for 481 to the end of a subscription.",
        .basis = "RFC 6665 4.1.2; sipe client, sipe-subscriptions.c",
    },
    [RULE_PUBLISH_REFUSED] = {
        .name = "publish-refused", .severity = SEVERITY_WARNING,
        .meaning = "A PUBLISH, or a SERVICE that publishes categories, was refused. Repeats with the same status are one finding.",
        .reason = "The presence that others see is not the one that the user set.",
        .guard = "Not for challenges and 423, nor for 409 and 412: a client recovers from these conflicts. A SERVICE counts only if its request was captured.",
        .basis = "RFC 3903 4.1, 6",
    },
    [RULE_CALL_FAILED] = {
        .name = "call-failed", .severity = SEVERITY_NOTE,
        .meaning = "An INVITE was refused.",
        .reason = "The call, conversation or session did not come about.",
        .guard = "Not for busy (486), declined (603), given up (487), crossing re-INVITEs (491) and challenges, nor where another branch answered.",
        .basis = "RFC 3261 13.3.1.3, 14.1, 21.4",
    },
    [RULE_SIP_DIAGNOSTICS] = {
        .name = "sip-diagnostics", .severity = SEVERITY_NOTE,
        .meaning = "Messages carried an ms-diagnostics, ms-diagnostics-public or ms-client-diagnostics header. Same id, source and reason are one finding.",
        .reason = "The server or client says in its own words what went wrong.",
        .guard = "Silent where another finding is about the same transaction, and for 20000 to 20011, which the chat rules judge.",
        .basis = "[MS-OCER] ms-diagnostics table",
    },
    [RULE_CHAT_SERVICE_REFUSED] = {
        .name = "chat-service-refused", .severity = SEVERITY_ERROR,
        .meaning = "The chat service or its lookup refused a session. Same service, status and reason are one finding.",
        .reason = "The user has no chat rooms at this endpoint.",
        .guard = "Not for challenges and cancelled branches (487), nor for a 503 when the same endpoint was let in later.",
        .basis = "sipe client, sipe-groupchat.c; [MS-OCER] ms-diagnostics table, 20000-20011; XB15",
    },
    [RULE_CHAT_LOOKUP_WITHOUT_URI] = {
        .name = "chat-lookup-without-uri", .severity = SEVERITY_ERROR,
        .meaning = "The lookup service answered requri with success and named no chat server.",
        .reason = "The client has nowhere to go; it tries again minutes later.",
        .guard = "Only for a reply that was captured whole and says 200.",
        .basis = "TechNet: Group Chat Call Flows (ee323524); sipe client, sipe-groupchat.c; XB13",
    },
    [RULE_CHAT_COMMAND_FAILED] = {
        .name = "chat-command-failed", .severity = SEVERITY_WARNING,
        .meaning = "The reply to a chat command carries another code than 200. Same user, command, room and code are one finding.",
        .reason = "The room was not joined, the list not fetched, or whatever the command was for.",
        .guard = "None: the reply itself says it. A reply without a code counts as 500, as clients read it.",
        .basis = "sipe client, sipe-groupchat.c (resp code); XC06",
    },
    [RULE_CHAT_POST_WITHOUT_TIMESTAMP] = {
        .name = "chat-post-without-timestamp", .severity = SEVERITY_ERROR,
        .meaning = "A post without a ts attribute was refused with 503 and diagnostics 20000 (chat service busy).",
        .reason = "The service is not busy: it refuses every post without a timestamp this way. The client has to be mended.",
        .guard = "Both the post and the refusal with its diagnostics were captured.",
        .basis = "sipe client, commits a29264ac and db4aaa4b; XB04",
    },
    [RULE_CHAT_POST_NOT_JOINED] = {
        .name = "chat-post-not-joined", .severity = SEVERITY_ERROR,
        .meaning = "A session posted to a room that it has not joined.",
        .reason = "Only participants of a room may post; the client's picture of the room is wrong.",
        .guard = "Only for a session captured from its INVITE on, without anything missing in either direction up to the post; not while a join is still open.",
        .basis = "Persistent Chat managed API: one join per room and endpoint, UserNotJoined; XE05",
    },
    [RULE_CHAT_AUTHOR_MISMATCH] = {
        .name = "chat-author-mismatch", .severity = SEVERITY_ERROR,
        .meaning = "A client sent a post whose author is not the sender of the message.",
        .reason = "Somebody writes under another name, or a client mixes up its accounts.",
        .guard = "Only from client to service; addresses are compared without case and parameters.",
        .basis = "sipe client, sipe-groupchat.c (author); XE06",
    },
    [RULE_CHAT_DIAGNOSTICS] = {
        .name = "chat-diagnostics", .severity = SEVERITY_WARNING,
        .meaning = "The chat service gave diagnostics 20000 to 20011 on something that did not succeed in the end. Same id, source and reason are one finding.",
        .reason = "The service names the cause: unknown session, queue full, user not provisioned ...",
        .guard = "Silent where the post or command was accepted later, or a closer rule speaks of it: a 503 belongs to chat-503-not-retried. "
                 "A note where the request was not captured or cannot be read: whether it succeeded later is not known then.",
        .basis = "[MS-OCER] ms-diagnostics table, 20000-20011; XB17",
    },
    [RULE_CHAT_503_NOT_RETRIED] = {
        .name = "chat-503-not-retried", .severity = SEVERITY_WARNING, .wait = 60,
        .meaning = "A post or command was refused with 503 and the client did not send the same again.",
        .reason = "503 means \"not now\": a client is expected to try again. What the user wrote is lost.",
        .guard = "The input goes on for the whole time and nothing of what the client sent is missing. A note only for sipe, which never retries. "
                 "Silent for a post that is refused for a better known reason.",
        .basis = "TechNet: Group Chat Call Flows (ee323524); ocspedia: Group Chat Communication Flow; XB02",
    },
    [RULE_CHAT_COMMAND_UNANSWERED] = {
        .name = "chat-command-unanswered", .severity = SEVERITY_ERROR, .wait = 30,
        .meaning = "The service accepted a chat command (200) and never sent the reply that names it, or sent it too late (then a warning).",
        .reason = "The client waits for ever: a room that does not open, a list that stays empty.",
        .guard = "The session was captured from its INVITE on and stays open for the whole time; nothing that the service sent to it is missing; the "
                 "command is one whose reply is known.",
        .basis = "sipe client, sipe-groupchat.c; Lync 2013 documentation: How Persistent Chat Server works; XC01",
    },
    [RULE_CHAT_MESSAGE_NOT_DELIVERED] = {
        .name = "chat-message-not-delivered", .severity = SEVERITY_ERROR, .wait = 10,
        .meaning = "The service accepted a post, and a session that was in the room did not get its copy, or got it too late (then a warning).",
        .reason = "A participant does not see what was said.",
        .guard = "The receiving session was captured from its INVITE on, its join and the reply were seen, it stays joined for the whole time, and nothing that the "
                 "service sent to it is missing. The author's own session is left out.",
        .basis = "Lync 2013 documentation: How Persistent Chat Server works; XE01",
    },
    /* chat: envelopes and commands */
    [RULE_CHAT_ENVELOPE_UNREADABLE] = {
        .name = "chat-envelope-unreadable", .severity = SEVERITY_ERROR,
        .meaning = "A text/plain INFO in a chat dialog is not well-formed XML, or holds no xccos envelope at all. Those of one sender are one finding.",
        .reason = "Whatever it carried, a command, a reply or somebody's words, reached nobody.",
        .guard = "Only in a dialog known to be chat, and for a body that was captured whole; not for an encoded one.",
        .basis = "sipe client, sipe-groupchat.c (envelope); XML 1.0; XA01",
    },
    [RULE_CHAT_ENVELOPE_VERSION] = {
        .name = "chat-envelope-version", .severity = SEVERITY_WARNING,
        .meaning = "An envelope declares another namespace than urn:parlano:xml:ns:xccos, or another ver than 1.",
        .reason = "No reader of that kind is known; the other side may ignore it.",
        .guard = "None: the envelope itself says it. Those of one sender are one finding.",
        .basis = "sipe client, sipe-groupchat.c; NextLabs filter, XCCosContenObjs.cs; XA02",
    },
    [RULE_CHAT_ENVELOPE_ID_UNREADABLE] = {
        .name = "chat-envelope-id-unreadable", .severity = SEVERITY_WARNING,
        .meaning = "The number of an envelope (envid) is missing, no decimal, or longer than 64 bits.",
        .reason = "A reply names the envelope by this number: without it none can be told to whom it belongs.",
        .guard = "None: the envelope itself says it. Those of one sender are one finding.",
        .basis = "sipe client, sipe-groupchat.c; NextLabs filter, XCCosContenObjs.cs; XA03",
    },
    [RULE_CHAT_ENVELOPE_ID_BACK] = {
        .name = "chat-envelope-id-back", .severity = SEVERITY_NOTE,
        .meaning = "A client's envelope number is lower than its last one in that dialog.",
        .reason = "Clients count up; one that goes back may use a number twice.",
        .guard = "Not where the numbers begin anew at 32 bits, where the same envelope is sent again, nor for messages that were captured out of order.",
        .basis = "sipe client, sipe-groupchat.c; XA05",
    },
    [RULE_CHAT_ENVELOPE_ID_REUSED] = {
        .name = "chat-envelope-id-reused", .severity = SEVERITY_ERROR, .wait = 600,
        .meaning = "A client used the number of an envelope again in the same dialog within the waiting time, with another content.",
        .reason = "Replies name the number: which of the two is answered cannot be told.",
        .guard = "Not for the same content sent again, as after 401 or 503; only for bodies that were captured whole.",
        .basis = "NextLabs filter, CSIPParser.cs (replies are found by envid and seqid); XA04",
    },
    [RULE_CHAT_DIRECTION_WRONG] = {
        .name = "chat-direction-wrong", .severity = SEVERITY_ERROR,
        .meaning = "A command came from the chat service, or a reply or notice from the client.",
        .reason = "The other side has no use for it; a client or gateway mixes up its roles.",
        .guard = "Only in a dialog whose INVITE was captured, which tells who is the client.",
        .basis = "sipe client, sipe-groupchat.c; NextLabs filter, XCCosContenObjs.cs; XA06",
    },
    [RULE_CHAT_CHILD_UNNAMED] = {
        .name = "chat-child-unnamed", .severity = SEVERITY_WARNING,
        .meaning = "A cmd, rpl or ntc has no id, or an id of another kind (\"rpl:\" in a cmd).",
        .reason = "Readers go by the id and skip such a part.",
        .guard = "None: the envelope itself says it. Those of one sender are one finding.",
        .basis = "sipe client, sipe-groupchat.c; XA07",
    },
    [RULE_CHAT_NAME_UNKNOWN] = {
        .name = "chat-name-unknown", .severity = SEVERITY_NOTE,
        .meaning = "A command, reply or notice whose name is in no public source, or merely recalled. One finding for each name.",
        .reason = "The protocol is not published in full: what such a message says was not looked at. `ocsight chat --unknown` shows them word for word.",
        .guard = "A note, always: it is the catalogue that is incomplete.",
        .basis = "sipe client; NextLabs filter; [MS-XCCOSIP] could not be read; XA08",
    },
    [RULE_CHAT_CONTENT_TYPE] = {
        .name = "chat-content-type", .severity = SEVERITY_WARNING,
        .meaning = "An envelope travelled in an INFO whose Content-Type is not text/plain.",
        .reason = "Known clients and services look for chat in text/plain only.",
        .guard = "None: the message itself says it. Those of one sender and type are one finding.",
        .basis = "sipe client, sipe-groupchat.c; NextLabs filter, SIPContentTextPlain.cs; XA09",
    },
    [RULE_CHAT_ENVELOPE_EMPTY] = {
        .name = "chat-envelope-empty", .severity = SEVERITY_NOTE,
        .meaning = "An envelope holds no command, reply, notice or message.",
        .reason = "Readers ignore it.",
        .guard = "None: the envelope itself says it. Those of one sender are one finding.",
        .basis = "sipe client, sipe-groupchat.c; XA10",
    },
    [RULE_CHAT_REPLY_INCOMPLETE] = {
        .name = "chat-reply-incomplete", .severity = SEVERITY_WARNING,
        .meaning = "A reply names no command that it answers (commandid), or no outcome (a resp with a code).",
        .reason = "The client cannot tell which of its commands is meant, or takes it for failed.",
        .guard = "Not for a bccontext reply without a command: history may come unasked. Only for a reply that was captured whole.",
        .basis = "sipe client, sipe-groupchat.c (a reply without a code counts as 500); XC05",
    },
    [RULE_CHAT_REPLY_UNMATCHED] = {
        .name = "chat-reply-unmatched", .severity = SEVERITY_WARNING,
        .meaning = "A reply names a command that was not sent in its dialog.",
        .reason = "Somebody else's answer, or one that comes far too late: the client shows what it did not ask for.",
        .guard = "The session was captured from its INVITE on and nothing that the client sent is missing; not over UDP, where a lost command leaves no trace. Not for bccontext, which may come unasked.",
        .basis = "NextLabs filter, CSIPParser.cs; sipe client; XC02",
    },
    [RULE_CHAT_REPLY_REPEATED] = {
        .name = "chat-reply-repeated", .severity = SEVERITY_WARNING, .wait = 300,
        .meaning = "A command was answered a second time within the waiting time.",
        .reason = "The client does it all again: a room that is joined twice, a list that is shown twice.",
        .guard = "Not for getinv and bccontext, whose replies may come in parts, for commands that are not known, for the same envelope sent again, nor where the client did not take the first reply.",
        .basis = "NextLabs filter, CSIPParser.cs; XC03",
    },
    [RULE_CHAT_REPLY_NAME] = {
        .name = "chat-reply-name", .severity = SEVERITY_WARNING,
        .meaning = "A reply has another name than the command that it answers.",
        .reason = "Clients go by the name of a reply: they act as if another command had been answered.",
        .guard = "Not for getfutok and getfdtok, both answered by getftok, for getservinfo, nor for commands that are not known.",
        .basis = "NextLabs filter, XCCosContenObjs.cs; sipe client; XC04",
    },
    [RULE_CHAT_REPLY_MISPLACED] = {
        .name = "chat-reply-misplaced", .severity = SEVERITY_WARNING,
        .meaning = "A command was answered in another dialog of the same user and endpoint.",
        .reason = "The service mixes up dialogs; what belongs to one session appears in another.",
        .guard = "Both sides name an endpoint (epid), the session was captured from its INVITE on, nothing that the client sent is missing, not over UDP, and the reply fits the command by its name.",
        .basis = "NextLabs filter, CSIPParser.cs; XC07",
    },
    [RULE_CHAT_REPLY_AFTER_REFUSAL] = {
        .name = "chat-reply-after-refusal", .severity = SEVERITY_WARNING,
        .meaning = "The INFO of a command was refused, and a reply to it came all the same.",
        .reason = "The client has given the command up, or sends it again; the service has done it.",
        .guard = "Nothing that the client sent between the two is missing: it may have sent the command again under the same number. Not over UDP.",
        .basis = "RFC 6086 4.2; sipe client; XC08",
    },
    [RULE_CHAT_REPLY_SLOW] = {
        .name = "chat-reply-slow", .severity = SEVERITY_NOTE, .wait = 5,
        .meaning = "The reply to a command took longer than the waiting time. One finding for each command.",
        .reason = "Users wait for it: a room that opens slowly, a search that takes its time.",
        .guard = "Command and reply were captured in the same place. What chat-command-unanswered calls too late is left to it.",
        .basis = "measured; XC09",
    },
    [RULE_CHAT_DIALOG_ENDED_UNANSWERED] = {
        .name = "chat-dialog-ended-unanswered", .severity = SEVERITY_WARNING, .wait = 5,
        .meaning = "A chat session was ended by BYE while commands that the service had accepted for longer than the waiting time had no reply. One finding for each session.",
        .reason = "The user, or the service, gave up: what was asked for never came.",
        .guard = "Not for commands accepted just before the BYE, nor for a session that is lost (481). The session was captured from its INVITE on; nothing that the service sent to it is missing; the commands are of a kind whose reply is known.",
        .basis = "sipe client, sipe-groupchat.c; XC10",
    },
    [RULE_CHAT_PREFERENCE_NUMBER_OLD] = {
        .name = "chat-preference-number-old", .severity = SEVERITY_WARNING,
        .meaning = "A preference document was stored under a number that is not above the one stored last.",
        .reason = "The service gives a document only to who has a lower number: other endpoints will never see this one.",
        .guard = "Only after a number that the service has taken. Not for the same content again; a note where two endpoints race.",
        .basis = "Persistent Chat managed API: preferences; XG01",
    },
    [RULE_CHAT_PREFERENCE_UNREADABLE] = {
        .name = "chat-preference-unreadable", .severity = SEVERITY_WARNING,
        .meaning = "The content of a preference document is not Base64.",
        .reason = "It cannot be read: the user's followed rooms are lost.",
        .guard = "None: the message itself says it. Those of one user and document are one finding.",
        .basis = "sipe client, sipe-groupchat.c (log of getpref and setpref); RFC 4648 4; XG02",
    },
    [RULE_CHAT_PREFERENCE_BY_NEW_CLIENT] = {
        .name = "chat-preference-by-new-client", .severity = SEVERITY_NOTE,
        .meaning = "A Lync 2013 or later client used getpref or setpref. One finding for each client version.",
        .reason = "These clients keep followed rooms in presence (roomSetting); another program may be using their name.",
        .guard = "The User-Agent names the client: UCCAPI/15 or later.",
        .basis = "Lync 2013 documentation: How Persistent Chat Server works; [MS-SIPREGE] 2.2.2.5.11; XG03",
    },
    [RULE_CHAT_INVITE_NUMBER_BACK] = {
        .name = "chat-invite-number-back", .severity = SEVERITY_NOTE,
        .meaning = "A client asks for invitations after one that is older than it knew before.",
        .reason = "It has forgotten what it knew, and shows old invitations again.",
        .guard = "The same user and endpoint. Clients that always ask from the first one on are not meant.",
        .basis = "sipe client, sipe-groupchat.c (getinv); XG04",
    },
    [RULE_CHAT_SEARCH_TOO_MANY] = {
        .name = "chat-search-too-many", .severity = SEVERITY_WARNING,
        .meaning = "A room search found more rooms than the service says that it will give (searchLimit).",
        .reason = "The service does not keep its own limit; clients may show a part only.",
        .guard = "The limit was told in the same dialog.",
        .basis = "sipe client, sipe-groupchat.c (log of getserverinfo); XG05",
    },
    [RULE_CHAT_SEARCH_ROOM_INCOMPLETE] = {
        .name = "chat-search-room-incomplete", .severity = SEVERITY_WARNING,
        .meaning = "A room in a search result has no URI or no name.",
        .reason = "It cannot be shown, or not be joined.",
        .guard = "Only in a reply that says 200. Those of one reply are one finding.",
        .basis = "sipe client, sipe-groupchat.c (chansrch); XG06",
    },
    [RULE_CHAT_NOT_PROVISIONED] = {
        .name = "chat-not-provisioned", .severity = SEVERITY_NOTE,
        .meaning = "A client opened a chat session although its settings (provisioning) say that chat is not enabled for the user.",
        .reason = "The service will refuse it; the client asks in vain.",
        .guard = "Both were captured, the settings within the day before. Clients such as sipe do so by habit.",
        .basis = "sipe client, sipe-notify.c; Lync 2013 documentation; XG08",
    },
    /* chat: sessions */
    [RULE_CHAT_RETRY_REUSES_CSEQ] = {
        .name = "chat-retry-reuses-cseq", .severity = SEVERITY_ERROR,
        .meaning = "A client repeated an INFO that had been answered 503, with a new branch but the CSeq of the refused one.",
        .reason = "A new request needs a higher CSeq: the other side takes it for the old one and answers from memory, or refuses it.",
        .guard = "Only on the hop where the refused INFO was seen, after its 503, with another branch: the same branch is the transport's retransmission.",
        .basis = "RFC 3261 8.1.1.5, 12.2.1.1; XB03",
    },
    [RULE_CHAT_SERVICE_OVERLOADED] = {
        .name = "chat-service-overloaded", .severity = SEVERITY_WARNING, .wait = 60,
        .meaning = "Of ten or more requests that a chat service answered in the waiting time, it refused half or more for load: 503, or diagnostics 20008 or 20011. "
                   "Same service is one finding.",
        .reason = "Clients repeat what was refused, which adds to the load.",
        .guard = "Posts without a timestamp, which are refused in the same way, do not count.",
        .basis = "[MS-OCER] ms-diagnostics table, 20008, 20011; XB05",
    },
    [RULE_CHAT_SESSION_LOST] = {
        .name = "chat-session-lost", .severity = SEVERITY_WARNING, .wait = 60,
        .meaning = "The service answered 481 to INFO, UPDATE or INVITE of a chat session, and the endpoint opened no new session, or opened it too late.",
        .reason = "The user sits in front of rooms that get no messages any more.",
        .guard = "Only where the endpoint sent other requests after that time and did not sign out; nothing that its host sent to the service's is missing.",
        .basis = "sipe client, sipe-groupchat.c (481); XB06",
    },
    [RULE_CHAT_INFO_OUTSIDE_DIALOG] = {
        .name = "chat-info-outside-dialog", .severity = SEVERITY_WARNING, .wait = 1,
        .meaning = "INFO was sent on a chat dialog after the answer to its BYE, or by the client before its ACK.",
        .reason = "Chat travels inside a dialog; outside of it, it is lost.",
        .guard = "What crosses within the waiting time is left out, as is a dialog that the client disowned or that the service ended at the first command. "
                 "The ACK is judged only over TCP, with nothing missing before it.",
        .basis = "RFC 3261 12.2, 15; XB07",
    },
    [RULE_CHAT_DIALOG_DISOWNED] = {
        .name = "chat-dialog-disowned", .severity = SEVERITY_WARNING,
        .meaning = "A client answered INFO of the chat service with 487: that dialog belongs to a former life of the client.",
        .reason = "The client crashed or lost its session, and the service writes to both dialogs. What comes on the old one counts for nothing.",
        .guard = "None: the 487 itself says it.",
        .basis = "sipe client, commits 680b1774 and 89e42808; XB08",
    },
    [RULE_CHAT_STALE_DIALOG_CONTINUED] = {
        .name = "chat-stale-dialog-continued", .severity = SEVERITY_ERROR, .wait = 5,
        .meaning = "The chat service sent two or more INFO on a dialog that the client had disowned with 487, after the waiting time.",
        .reason = "The service should close such a dialog; the client gets everything twice.",
        .guard = "The 487 was captured; a single INFO may have been on its way.",
        .basis = "sipe client, commits 680b1774 and 89e42808; XB09",
    },
    [RULE_CHAT_SESSION_TIMER_MISSED] = {
        .name = "chat-session-timer-missed", .severity = SEVERITY_ERROR,
        .meaning = "A chat session with Session-Expires was not refreshed by UPDATE or INVITE, and the service ended it by BYE when the time was over or nearly over.",
        .reason = "The user is thrown out of all rooms in the middle of work.",
        .guard = "The dialog was captured from its INVITE on and is the endpoint's latest; the client answered the BYE, nothing is missing since the last refresh. "
                 "A warning where the client sent INFO in that time: whether INFO refreshes a session is not known.",
        .basis = "sipe client, sipe-groupchat.c (Session-Expires); RFC 4028 10; XB10",
    },
    [RULE_CHAT_USER_NOT_ENABLED] = {
        .name = "chat-user-not-enabled", .severity = SEVERITY_WARNING, .wait = 2,
        .meaning = "The service accepted a session and ended it by BYE within the waiting time after its first command, without a reply; or its BYE says so itself "
                   "(diagnostics 20010).",
        .reason = "This is how the service treats users who are not enabled for chat.",
        .guard = "Without 20010: the session was captured from its INVITE on, and nothing that the service sent to it is missing.",
        .basis = "sipe client, commit 9084e282; [MS-OCER] 20010; XB11",
    },
    [RULE_CHAT_LOOKUP_LEFT_OPEN] = {
        .name = "chat-lookup-left-open", .severity = SEVERITY_NOTE, .wait = 30,
        .meaning = "A lookup dialog was still open long after the lookup had given the address. Same lookup service is one finding.",
        .reason = "The client ends it by BYE before it goes to the channel; dialogs that stay open cost the service memory.",
        .guard = "Nothing is missing in either direction in that time.",
        .basis = "TechNet: Group Chat Call Flows (ee323524); sipe client, sipe-groupchat.c; XB12",
    },
    [RULE_CHAT_REDIRECT_NOT_FOLLOWED] = {
        .name = "chat-redirect-not-followed", .severity = SEVERITY_WARNING, .wait = 30,
        .meaning = "The lookup gave the address of a chat server, and the endpoint sent no INVITE there, or opened its session with another service.",
        .reason = "The user has no chat rooms, or is served by a server that was not meant.",
        .guard = "Addresses are compared without scheme, case and parameters. Only where the endpoint sent other requests after that time, or went elsewhere; "
                 "nothing that its host sent to the service's is missing.",
        .basis = "TechNet: Group Chat Call Flows (ee323524); sipe client, sipe-groupchat.c; XB14",
    },
    [RULE_CHAT_TWO_DIALOGS] = {
        .name = "chat-two-dialogs", .severity = SEVERITY_WARNING,
        .meaning = "An endpoint gave a chat command on an earlier dialog after it had given one on a later dialog.",
        .reason = "An endpoint has one session; two of them get everything twice and disagree about rooms.",
        .guard = "Both dialogs were captured from their INVITE on and are open; lookup dialogs and endpoints without epid are left out, as is what crosses within 1 s.",
        .basis = "nexthop blog 2011-02-14 (one dialog per endpoint); sipe client, commit 680b1774; XB16",
    },
    /* chat: rooms and rosters */
    [RULE_CHAT_JOIN_ROOM_MISSING] = {
        .name = "chat-join-room-missing", .severity = SEVERITY_WARNING,
        .meaning = "A join was answered with success, and the reply says nothing of a room that it asked for: neither a roster nor a refusal. All rooms of one reply are one finding.",
        .reason = "The room stays closed, and the client does not know why.",
        .guard = "Only for a reply that was captured whole, names its command and says 200.",
        .basis = "sipe client, sipe-groupchat.c; NextLabs filter, CSIPParser.cs (fib); XD01",
    },
    [RULE_CHAT_JOIN_ROOM_UNASKED] = {
        .name = "chat-join-room-unasked", .severity = SEVERITY_WARNING,
        .meaning = "The reply to a join holds a room that the command did not name.",
        .reason = "The session is in a room that its client does not know of, or replies were mixed up.",
        .guard = "The command was captured, and nothing that the session sent up to then is missing. Addresses are compared without case.",
        .basis = "sipe client, sipe-groupchat.c; XD02",
    },
    [RULE_CHAT_ROSTER_UNKNOWN_ID] = {
        .name = "chat-roster-unknown-id", .severity = SEVERITY_ERROR,
        .meaning = "A room of a join reply lists numbers of users (aib) that the reply does not give (uib).",
        .reason = "Somebody is in the room and cannot be named: the client shows a list that is too short.",
        .guard = "Only for a reply with code 200 that was captured whole.",
        .basis = "sipe client, sipe-groupchat.c (uib, aib); XD03",
    },
    [RULE_CHAT_ROSTER_UNUSED_USER] = {
        .name = "chat-roster-unused-user", .severity = SEVERITY_NOTE,
        .meaning = "A join reply names users (uib) that none of its rooms lists. Replies to one user are one finding.",
        .reason = "Harmless by itself; the reply was put together carelessly, or a room was taken out of it on the way.",
        .guard = "Only for a reply with code 200.",
        .basis = "sipe client, sipe-groupchat.c (uib, aib); XD04",
    },
    [RULE_CHAT_ROSTER_ID_REPEATED] = {
        .name = "chat-roster-id-repeated", .severity = SEVERITY_NOTE,
        .meaning = "A user stands in several groups of one room's roster, each with a permission mask of its own. Replies about one room are one finding.",
        .reason = "Which of the masks holds is not known.",
        .guard = "Only for a reply with code 200.",
        .basis = "sipe client, sipe-groupchat.c (aib); XD05",
    },
    [RULE_CHAT_ROSTER_WITHOUT_JOINER] = {
        .name = "chat-roster-without-joiner", .severity = SEVERITY_NOTE,
        .meaning = "The roster in a join reply does not list the user who joined. Replies about one room are one finding.",
        .reason = "The client does not see itself among the participants.",
        .guard = "That a reader lists itself is an inference: a note only. Silent for rosters of 75 users and more, for empty ones, and where a number is nobody's.",
        .basis = "sipe client, sipe-groupchat.c; Persistent Chat options: ParticipantUpdateLimit; XD06",
    },
    [RULE_CHAT_ROSTER_MASK_UNKNOWN] = {
        .name = "chat-roster-mask-unknown", .severity = SEVERITY_NOTE,
        .meaning = "A participant has another permission mask than an ordinary member (3984) or a manager (12276). One mask is one finding; its bits are read as the rights of the database's role table.",
        .reason = "A presenter, or a right given or taken by hand; the masks are not documented.",
        .guard = "That masks are bits is an inference: a note only.",
        .basis = "Lync 2010 RoleType table (gg558623); sipe client, sipe-groupchat.c; XD07",
    },
    [RULE_CHAT_ROOM_JOINED_TWICE] = {
        .name = "chat-room-joined-twice", .severity = SEVERITY_WARNING,
        .meaning = "A session asked to join a room that it has joined and not left.",
        .reason = "There is one join a room and endpoint: the client has lost track of its rooms.",
        .guard = "Only for a session captured from its INVITE on, without anything missing in either direction. Silent after a part, a notice that names the user, a new dialog, and any notice of unknown "
                 "name: it may have been a removal.",
        .basis = "Persistent Chat managed API: one join per room and endpoint; XD08",
    },
    [RULE_CHAT_PART_NOT_JOINED] = {
        .name = "chat-part-not-joined", .severity = SEVERITY_WARNING,
        .meaning = "A session asked to leave a room that it is not in.",
        .reason = "The client's picture of the room is wrong.",
        .guard = "Only for a session captured from its INVITE on, without anything missing in either direction up to then.",
        .basis = "Persistent Chat managed API: UserNotJoined; XD09",
    },
    [RULE_CHAT_ROSTER_NOTICE_REPEATED] = {
        .name = "chat-roster-notice-repeated", .severity = SEVERITY_NOTE,
        .meaning = "A notice says that a user enters who is in the session's roster, or that one leaves who is not. Same room and kind are one finding.",
        .reason = "A notice before it was lost on the way, or the user has several endpoints.",
        .guard = "Not for users with a session in the room, whose endpoints make repeats normal; nothing of the reading session may be missing since it joined; "
                 "not within 2 s of the join. Silent where the room was ever too big for rosters.",
        .basis = "sipe client, sipe-groupchat.c (ntc:join, ntc:part); XD10",
    },
    [RULE_CHAT_NOTICE_NOT_JOINED] = {
        .name = "chat-notice-not-joined", .severity = SEVERITY_WARNING,
        .meaning = "A session is told who enters or leaves a room that it is not in. Once for each session and room.",
        .reason = "The service counts the session as a participant; it gets what it did not ask for.",
        .guard = "Only for a session captured from its INVITE on, without anything missing in either direction up to then; not within 2 s of leaving the room, nor while a join is open.",
        .basis = "sipe client, sipe-groupchat.c (ntc:join, ntc:part); XD11",
    },
    [RULE_CHAT_ROSTER_DIVERGED] = {
        .name = "chat-roster-diverged", .severity = SEVERITY_WARNING, .wait = 60,
        .meaning = "Somebody entered or left a room, and sessions in it were not told. That it did is known from its own session (\"entered\", \"left\", also by the end of the session) or from the notice "
                   "that others got (\"is said to have ...\"). All sessions that were not told are one finding.",
        .reason = "Participants see different lists of who is there.",
        .guard = "The session that was not told talks to the same service, was captured from its INVITE on, is in the room for 10 s before and for the whole time, and nothing from or to it is missing since it joined. "
                 "Silent in rooms that were ever too big for rosters (75 users) or whose roster was left out of a reply; where the user has another session in the room, or was listed before it entered; after a new dialog.",
        .basis = "sipe client, sipe-groupchat.c (ntc:join, ntc:part); Persistent Chat options: ParticipantUpdateLimit; XD12, XD13, XD14",
    },
    [RULE_CHAT_HISTORY_NOT_ASKED] = {
        .name = "chat-history-not-asked", .severity = SEVERITY_NOTE, .wait = 30,
        .meaning = "A session joined a room and did not ask for its history. All of them are one finding.",
        .reason = "A habit of the client: the user sees only what is said from now on.",
        .guard = "Only for a session captured from its INVITE on that stays in the room; nothing that it sent in that time is missing. A command of unknown name about that room counts as a question.",
        .basis = "TechNet: Group Chat Call Flows (ee323524); Lync 2013 documentation: How Persistent Chat Server works; XD15",
    },
    [RULE_CHAT_ROOM_RENAMED] = {
        .name = "chat-room-renamed", .severity = SEVERITY_NOTE,
        .meaning = "A room is called by another name than before.",
        .reason = "Its address stays the same: this is a rename, not another room.",
        .guard = "None: both names were told by the service.",
        .basis = "Persistent Chat managed API: a room's URI never changes; XG07",
    },
    /* chat: messages */
    [RULE_CHAT_ECHO_MISSING] = {
        .name = "chat-echo-missing", .severity = SEVERITY_ERROR, .wait = 10,
        .meaning = "A post was accepted and a session of its own author, joined to the room, got no copy of it within the waiting time.",
        .reason = "Clients show what they wrote when it comes back; the author misses the own words, or sees them at one machine only.",
        .guard = "As for chat-message-not-delivered. That posts come back is inferred, so this is a warning, and one finding for each room while none ever did; an error "
                 "for the posting session where the capture shows others that came back.",
        .basis = "sipe client, sipe-groupchat.c; XE02",
    },
    [RULE_CHAT_DELIVERY_WITHOUT_POST] = {
        .name = "chat-delivery-without-post", .severity = SEVERITY_NOTE,
        .meaning = "Messages were delivered whose posts are not in the capture. One finding for each room.",
        .reason = "Their authors' sessions were captured elsewhere or not at all; whether everybody got these messages cannot be told.",
        .guard = "None: it says what the capture lacks. History is not counted.",
        .basis = "How Persistent Chat Server works in Lync Server 2013; XE03",
    },
    [RULE_CHAT_MESSAGE_DUPLICATED] = {
        .name = "chat-message-duplicated", .severity = SEVERITY_WARNING,
        .meaning = "A session got the same message twice in the same dialog.",
        .reason = "People read it twice, and bots act on it twice.",
        .guard = "Hops and retransmissions are no copies, and what comes over a dialog of a crashed client belongs to the stale dialog. The post was captured; an identical "
                 "one of the same author has another time stamp, and nothing that the author's session sent is missing.",
        .basis = "sipe client, commits 680b1774 and 89e42808; XE04",
    },
    [RULE_CHAT_POST_INCOMPLETE] = {
        .name = "chat-post-incomplete", .severity = SEVERITY_ERROR,
        .meaning = "A post lacks chanUri, author or chat.",
        .reason = "The service cannot tell where it belongs, who wrote it, or what it says. The client has to be mended.",
        .guard = "Only from client to service. A post without ts is chat-post-without-timestamp.",
        .basis = "sipe client, sipe-groupchat.c; XE07",
    },
    [RULE_CHAT_POST_CLOCK] = {
        .name = "chat-post-clock", .severity = SEVERITY_NOTE,
        .meaning = "The ts of posts is more than five minutes from the time at which they were captured. One finding for each user.",
        .reason = "The client's clock is wrong, or the capture's; sorted by their stamps, messages stand in the wrong place.",
        .guard = "The clock of the capture is taken to be right.",
        .basis = "sipe client, commit a29264ac; XE08",
    },
    [RULE_CHAT_POST_OVERSIZED] = {
        .name = "chat-post-oversized", .severity = SEVERITY_WARNING,
        .meaning = "The text of a post is longer, in bytes, than the service said that messages and stories may be.",
        .reason = "The service refuses it, or cuts it.",
        .guard = "Only where the limits were told in this dialog. Stories look like other messages, so a text that a story may have is left alone.",
        .basis = "sipe client, sipe-groupchat.c (sib); Persistent Chat managed API: sizes in bytes; XE09",
    },
    [RULE_CHAT_ORDER_DIVERGED] = {
        .name = "chat-order-diverged", .severity = SEVERITY_WARNING,
        .meaning = "Two sessions were sent the same two messages of a room in a different order.",
        .reason = "People read a question after its answer, and disagree on what was said first.",
        .guard = "By the order in which the service sent the copies (CSeq), not in which they were captured. A note when the two are within a second of each other in either "
                 "session. Only for messages and dialogs that both sessions saw whole.",
        .basis = "Persistent Chat database schema, tblChat: ids are sequential in a room; XE10",
    },
    [RULE_CHAT_DELIVERY_AFTER_PART] = {
        .name = "chat-delivery-after-part", .severity = SEVERITY_WARNING, .wait = 2,
        .meaning = "A session got messages of a room more than the waiting time after its leaving had been confirmed.",
        .reason = "The service believes that somebody still reads along who has left.",
        .guard = "The reply to part was captured and nothing of the session since then is missing: it may have joined again. At most ten minutes after the part.",
        .basis = "sipe client, sipe-groupchat.c; XE11",
    },
    [RULE_CHAT_TEXT_EDITED] = {
        .name = "chat-text-edited", .severity = SEVERITY_NOTE,
        .meaning = "A delivered text differs from the posted one by more than line ends and link markup. One finding for each room and author.",
        .reason = "Something between author and reader changes what is said.",
        .guard = "Only where the copy can be of no other post: the one captured post of that room, author and second, the posted text of which the session did not get, "
                 "not even half a minute later.",
        .basis = "Persistent Chat database schema, tblChat (links); XE12",
    },
    [RULE_CHAT_HISTORY_FOREIGN] = {
        .name = "chat-history-foreign", .severity = SEVERITY_ERROR,
        .meaning = "A history reply holds messages of another room than the one that was asked for.",
        .reason = "People read what was said in a room that they may not be allowed to enter.",
        .guard = "Both the query and the reply were captured, and the query names one room.",
        .basis = "sipe client, sipe-groupchat.c (bccontext); XE15",
    },
    [RULE_CHAT_HISTORY_TOO_LONG] = {
        .name = "chat-history-too-long", .severity = SEVERITY_WARNING,
        .meaning = "A history reply holds more messages than were asked for.",
        .reason = "The service does not follow the query; a client may show the wrong ones.",
        .guard = "Both the query and the reply were captured, and the query has a count.",
        .basis = "sipe client, sipe-groupchat.c (bccontext); XE13",
    },
    [RULE_CHAT_HISTORY_INCOMPLETE] = {
        .name = "chat-history-incomplete", .severity = SEVERITY_WARNING,
        .meaning = "A history reply lists an accepted message and lacks a later one that was accepted before the query.",
        .reason = "The message was not stored, or is not found again.",
        .guard = "Accepted more than 5 s before the query, later than a listed one, so that no count or limit explains it. Not in rooms that keep no history, and not where the reply has a "
                 "message of the same author that matches no captured post.",
        .basis = "sipe client, sipe-groupchat.c (bccontext); How Persistent Chat Server works in Lync Server 2013; XE14",
    },
    [RULE_CHAT_HISTORY_NOT_JOINED] = {
        .name = "chat-history-not-joined", .severity = SEVERITY_NOTE, .wait = 30,
        .meaning = "A session asked for the history of a room that it had not joined and did not join within the waiting time. One finding for each user and room.",
        .reason = "Some rights allow that; else it is a client that has lost its picture of the rooms.",
        .guard = "Only for a session captured from its INVITE on, without anything missing in either direction.",
        .basis = "Persistent Chat database schema, tblRoleType: read history without being joined; XE16",
    },
    [RULE_CHAT_POST_HTML] = {
        .name = "chat-post-html", .severity = SEVERITY_NOTE,
        .meaning = "Posts hold HTML tags. One finding for each user.",
        .reason = "Texts are plain: readers see the tags.",
        .guard = "Only well-known tags that format text.",
        .basis = "sipe client, sipe-groupchat.c; XE17",
    },
    [RULE_CHAT_POST_WITHOUT_RIGHT] = {
        .name = "chat-post-without-right", .severity = SEVERITY_NOTE,
        .meaning = "A user posted to a room whose permission mask for that user has neither the right to chat nor that to present. One finding for each user and room.",
        .reason = "The service should refuse it, or the client should not offer it.",
        .guard = "Only by a mask that this session was told. How the mask is read is inferred, so this is a note at most; whether the room is an auditorium is not known.",
        .basis = "Lync Server 2010 RoleType table (gg558623) held against masks of the sipe client; XE18",
    },
    [RULE_CHAT_POST_FATE_UNKNOWN] = {
        .name = "chat-post-fate-unknown", .severity = SEVERITY_WARNING, .wait = 10,
        .meaning = "A post was accepted, and the service ended its author's session before any copy was seen.",
        .reason = "Whether anybody read it cannot be told; the author has to ask.",
        .guard = "Only where no other captured session was in the room: else chat-message-not-delivered speaks. Not when the client ended the session itself, and not when a copy or the history showed the message within the waiting time.",
        .basis = "How Persistent Chat Server works in Lync Server 2013; XE19",
    },
    /* chat: files */
    [RULE_CHAT_FILE_WITHOUT_TOKEN] = {
        .name = "chat-file-without-token", .severity = SEVERITY_WARNING, .wait = 1800,
        .meaning = "A post links to a file, and its user did not ask for an upload token for that room before it.",
        .reason = "The web service takes no file without a token, so the link is likely to lead nowhere.",
        .guard = "The user's session was captured from its INVITE on, which was longer ago than a token lives, and nothing between it and the service is missing since "
                 "then. The same link was not seen before, in history neither: posting an older one again is legal.",
        .basis = "NextLabs SfB enforcer, NLChatRoomAttachmentAnalyser.cs; XF01",
    },
    [RULE_CHAT_FILE_NOT_POSTED] = {
        .name = "chat-file-not-posted", .severity = SEVERITY_NOTE, .wait = 1800,
        .meaning = "An upload token was given, and no post of that user with a link to a file came to that room while it lived.",
        .reason = "Somebody meant to show a file to a room. The upload may have failed, or was given up.",
        .guard = "The user's session is open all the time, and nothing that it sent is missing.",
        .basis = "NextLabs SfB enforcer, NLChatRoomAttachmentAnalyser.cs; XF02",
    },
    [RULE_CHAT_FILE_TOKEN_REPEATED] = {
        .name = "chat-file-token-repeated", .severity = SEVERITY_WARNING,
        .meaning = "Two requests for a file token were answered with the same token.",
        .reason = "A token is a ticket for one user and one room; given twice it opens a room to somebody it was not meant for.",
        .guard = "Both replies answer commands of their own that were captured; a reply that comes again, retransmitted or in another message, is none.",
        .basis = "Lync 2010 database schema: FileToken table (gg558646); XF05",
    },
    [RULE_CHAT_FILE_TOKEN_MISUSED] = {
        .name = "chat-file-token-misused", .severity = SEVERITY_ERROR,
        .meaning = "A call of the file web service carries a token that was given for another room.",
        .reason = "The service should refuse it; if it does not, files can be read by who is not in the room.",
        .guard = "The call is readable, and the command that asked for the token and its reply were captured. A token that was given twice is not asked. Once a token.",
        .basis = "Lync 2010 database schema: FileToken table (gg558646); XF03",
    },
    [RULE_CHAT_FILE_TOKEN_EXPIRED] = {
        .name = "chat-file-token-expired", .severity = SEVERITY_ERROR, .wait = 1800,
        .meaning = "A call of the file web service carries a token that was given longer ago than a token lives.",
        .reason = "The service should refuse it, and the file does not arrive.",
        .guard = "The call is readable, and the reply with the token was captured; if it was given more than once, the last time counts. Once a token.",
        .basis = "Lync 2010 database schema: FileToken table (gg558646); XF03",
    },
    [RULE_CHAT_FILE_SERVER_UNSAFE] = {
        .name = "chat-file-server-unsafe", .severity = SEVERITY_WARNING,
        .meaning = "The web service address that comes with a file token is not one of HTTPS.",
        .reason = "Token and file go over the network readable for everybody.",
        .guard = "One finding for each address.",
        .basis = "NextLabs SfB enforcer, XCCosContenObjs.cs; XF04",
    },
    [RULE_CHAT_FILE_TOKEN_READABLE] = {
        .name = "chat-file-token-readable", .severity = SEVERITY_NOTE,
        .meaning = "File tokens could be read in SIP that is not encrypted.",
        .reason = "Who reads a token can fetch or leave files in the user's name while it lives.",
        .guard = "Expected where the capture was taken between servers, or behind what ends encryption. One finding for the whole run.",
        .basis = "SIP of chat clients is TLS (TechNet: ports and protocols of Lync Server); XF06",
    },
    [RULE_CHAT_FILE_NOT_ALLOWED] = {
        .name = "chat-file-not-allowed", .severity = SEVERITY_WARNING, .wait = 3600,
        .meaning = "A file was posted to a room that takes none, as a search had told.",
        .reason = "The client ignores the property, or the room was changed without the clients being told.",
        .guard = "The search was answered within the hour before, and nothing told otherwise since.",
        .basis = "sipe client, sipe-groupchat.c (prop filepost); XF07",
    },
    /* call flows */
    /* compliance */
    [RULE_COMPLIANCE_NOT_ARCHIVED] = {
        .name = "compliance-not-archived", .severity = SEVERITY_WARNING, .wait = 60,
        .meaning = "The capture shows something that the chat service had to hand to the compliance adapter - a join, a part, an accepted "
                   "message, a read of the history, a file - and the export given with --compliance-export does not have it. "
                   "Where the export lacks a whole room, that is one finding. The time is how far those of the two sides may be apart.",
        .reason = "What is archived is not what was said: the record that regulations ask for has a hole.",
        .guard = "An export answers for the time between its first and last event only (adapters run every 15 minutes, so what came "
                 "later is in the next file), corrected by how far the two clocks are apart; for rooms that it mentions, or all rooms where one "
                 "file holds several; for rooms that are logged; for kinds of events that it has at all; and not where it could not be "
                 "read to its end. Joins and parts of a user with several endpoints, and sessions that only broke off, do not count.",
        .basis = "Configure the Compliance service (Skype for Business Server 2015); Persistent Chat compliance call flow, steps 1 to 4",
    },
    [RULE_COMPLIANCE_NOT_CAPTURED] = {
        .name = "compliance-not-captured", .severity = SEVERITY_NOTE,
        .meaning = "The compliance export has a message, join or part that the capture should show and does not. One finding for each room and kind.",
        .reason = "Either the capture lacks something without saying so, or the archive holds what did not happen.",
        .guard = "A message counts only if a session that was in the room could be heard all the time; a join or part only if such a session, "
                 "whose own join was captured, was also never told of that user, and the room is small enough for rosters. Reads of the history and files never count: "
                 "only their user's own session shows them, and the user may have another one.",
        .basis = "Configure the Compliance service (Skype for Business Server 2015)",
    },
    [RULE_COMPLIANCE_DIFFERS] = {
        .name = "compliance-differs", .severity = SEVERITY_WARNING,
        .meaning = "An event of the capture stands in the compliance export with another author, text, room or type, or more than the allowed time apart.",
        .reason = "The archive says something else than what was said.",
        .guard = "As for compliance-not-archived. Texts are compared without the kind of line end and without the element that the service puts around links; "
                 "not where the service itself handed on another text than was posted, nor where the text links to a file.",
        .basis = "Configure the Compliance service (Skype for Business Server 2015)",
    },
    [RULE_FLOW_STEP_MISSING] = {
        .name = "flow-step-missing", .severity = SEVERITY_WARNING,
        .meaning = "A call flow that was captured from its opening on lacks a step that had to come: a later step that needs it "
                   "was seen, or the client went on for 30 s and more without it. A post whose copies alone were seen is a note.",
        .reason = "The client, or a filter between it and its server, skips a part of the exchange that later parts rely on.",
        .guard = "Silent for a flow that the capture joined in progress, over UDP, and where bytes of the connections concerned are "
                 "missing or unreadable. Silent where something in the flow was refused, failed, was lost or left unanswered: other rules "
                 "speak of that. Steps that only the long sign-in of the product's own clients has are expected of a client only if another "
                 "step shows that it takes that one; a batch join only if the user is known to follow rooms.",
        .basis = "OCS 2007 R2 Group Chat call flows; How Persistent Chat Server works (Lync Server 2013); facts/xccos.md 4.1-4.5",
    },
    [RULE_FLOW_STEP_OUT_OF_ORDER] = {
        .name = "flow-step-out-of-order", .severity = SEVERITY_WARNING,
        .meaning = "A step of a call flow came before another one that it needs.",
        .reason = "The step cannot have had what the other one gives: the address of the chat server, the list of rooms, the room itself.",
        .guard = "Only where all sources agree on the order; history, invitations and most commands may come in any. Silent as flow-step-missing is.",
        .basis = "OCS 2007 R2 Group Chat call flows; How Persistent Chat Server works (Lync Server 2013); facts/xccos.md 4.1-4.5",
    },
    /* publishing */
    [RULE_PUBLISH_EXPIRED] = {
        .name = "publish-expired", .severity = SEVERITY_WARNING, .wait = 10,
        .meaning = "A published activity ran out (last 2xx and its Expires) without a refresh, and a watcher, or the user's own aggregate, still shows it.",
        .reason = "The user seems to be on the phone long after the call, because a gateway vanished.",
        .guard = "Running out alone is no finding. Silent when another publication says the same, when anything sent to the server, which may be a refresh or "
                 "another publication, or a notification may have been missed, while a refresh or a new publication awaits its answer, and for watchers who poll, unless they are told it anew.",
        .basis = "RFC 3903 4, 6; AudioCodes Mediant 7.2 manual: presence of third-party endpoints; P1",
    },
    [RULE_PUBLISH_412_NOT_RECOVERED] = {
        .name = "publish-412-not-recovered", .severity = SEVERITY_ERROR, .wait = 10,
        .meaning = "A refresh or change of a PUBLISHed presence was answered 412 and no initial PUBLISH followed, or too late (then a warning).",
        .reason = "The server has no such publication any more; a publisher must begin anew, or what it publishes is shown to nobody.",
        .guard = "Not for 412 to a removal, and not when the publisher ends its publication instead. Silent unless the input goes on for the whole time and "
                 "nothing that the publisher sent is missing.",
        .basis = "RFC 3903 4, 6; P3",
    },
    [RULE_PUBLISH_DOUBLED] = {
        .name = "publish-doubled", .severity = SEVERITY_WARNING,
        .meaning = "A publisher made a new publication for a user (no SIP-If-Match) while its earlier one still lives.",
        .reason = "The server keeps both: when the newer one is removed, the older one goes on showing the user as busy until it runs out.",
        .guard = "Several publishers for one user are legal: only the same host counts, by its address and its Via, and not while two calls of the user go through it. Only publications with an activity. Silent when a "
                 "refresh or removal of the earlier one is unanswered or may have been missed, in either direction and on any connection between the two hosts, and over UDP, where a loss leaves no trace.",
        .basis = "RFC 3903 4.1; OpenSIPS users list, May 2007; P4",
    },
    [RULE_PUBLISH_CALL_STATE_LEFT] = {
        .name = "publish-call-state-left", .severity = SEVERITY_WARNING, .wait = 10,
        .meaning = "The last call of a user through a gateway ended, and \"on the phone\", which the gateway published for it, was not taken back (Expires: 0), or too late.",
        .reason = "The user looks busy after the call, until the publication runs out.",
        .guard = "Only when the call was captured from its INVITE on and the initial PUBLISH came from the same host during it; not when another call begins or the publication runs "
                 "out meanwhile. Silent unless the input goes on for the whole time and nothing that the gateway sent is missing.",
        .basis = "AudioCodes Mediant 7.2 manual: presence of third-party endpoints; P5",
    },
    [RULE_PUBLISH_REFRESH_AFTER_EXPIRY] = {
        .name = "publish-refresh-after-expiry", .severity = SEVERITY_NOTE, .wait = 10,
        .meaning = "A refresh was accepted (2xx) although the publication had run out before, by more than the tolerance.",
        .reason = "A server that follows RFC 3903 answers 412. This one keeps publications longer than it says, or the clocks differ.",
        .guard = "Silent when an earlier refresh may have been missed. How the Microsoft servers behave in this case is not documented, so it is a note.",
        .basis = "RFC 3903 4, 6; P2",
    },
    [RULE_PUBLISH_SERVER_TOO_OLD] = {
        .name = "publish-server-too-old", .severity = SEVERITY_NOTE,
        .meaning = "\"On the phone\" in PIDF was published to a server that names an older version than 5.0.8308.866. Same server and version are one finding.",
        .reason = "Presence of third-party endpoints needs Skype for Business 2015, or Lync 2013 from that build on; an older one may answer 200 and show nothing.",
        .guard = "Only for servers that call themselves RTC/x.y. A version that is not written in full is not judged unless what is written decides: RTC/4.0 is "
                 "too old, RTC/5.0 may be either.",
        .basis = "AudioCodes Mediant 7.2 manual: presence of third-party endpoints; [MS-SIPREGE] 2.2.1.9 (Server header)",
    },
    [RULE_PUBLICATION_CONFLICT_NOT_RECOVERED] = {
        .name = "publication-conflict-not-recovered", .severity = SEVERITY_ERROR, .wait = 10,
        .meaning = "A publication was refused with 409 because its version was old, and the endpoint did not publish it again with the server's version or a newer "
                   "one, nor delete it, or too late (then a warning). What was refused together is one finding.",
        .reason = "The server goes on showing the older value: what the user set is lost.",
        .guard = "Not when another value of it was accepted meanwhile, and not when the endpoint signed out. Silent unless the request was captured, the input goes on for the whole "
                 "time, and nothing that the client sent is missing.",
        .basis = "[MS-PRES] fault document; sipe client, sipe-ocs2007.c; V1",
    },
    [RULE_PUBLICATION_CONFLICT_REPEATED] = {
        .name = "publication-conflict-repeated", .severity = SEVERITY_NOTE, .wait = 60,
        .meaning = "The same publication was refused again for an old version, each time within the waiting time of the time before.",
        .reason = "Two endpoints of a user overwrite each other, or one does not take over the server's version; the status may stick.",
        .guard = "The copies for several containers count once.",
        .basis = "sipe issue 120; V2",
    },
    [RULE_PUBLICATION_VERSION_STUCK] = {
        .name = "publication-version-stuck", .severity = SEVERITY_NOTE,
        .meaning = "The server's answer to an accepted publication gives a version that is not higher than the one that the client sent.",
        .reason = "The server raises the version with every accepted change; without that the next publication of another endpoint is not noticed.",
        .guard = "Both the request and the document in its answer were captured. Not for deletions, whose version is free.",
        .basis = "Lync schema reference: enhanced presence category instances; V3",
    },
    [RULE_PRESENCE_DND_NOT_SOFTENED] = {
        .name = "presence-dnd-not-softened", .severity = SEVERITY_WARNING,
        .meaning = "A client published Do not disturb as the user's choice, and its copy for container 3 is not 6900 with urgent-interruptions-only.",
        .reason = "The workgroup is meant to be able to interrupt in urgent cases; it sees the user as unavailable instead.",
        .guard = "Only clients that follow the publication grammar (User-Agent UCCAPI); SIPE writes the same to both containers. Both copies are in one request that was accepted.",
        .basis = "Lync schema reference: categoryPublicationManifest; A3",
    },
    [RULE_PRESENCE_COPIES_DIFFER] = {
        .name = "presence-copies-differ", .severity = SEVERITY_NOTE,
        .meaning = "One request published a state with another availability or activity for container 3 than for container 2.",
        .reason = "Only Do not disturb is transformed; watchers see different states depending on their access level.",
        .guard = "Not for Do not disturb. Both copies are in one request that was accepted.",
        .basis = "Lync schema reference: categoryPublicationManifest; A4",
    },
    [RULE_PRESENCE_IDLE_PUBLISHED] = {
        .name = "presence-idle-published", .severity = SEVERITY_NOTE,
        .meaning = "A client published a number of the idle bands (4500-5999, 7500-8999) as the user's choice.",
        .reason = "That a machine is idle is for the machine state to say; users choose Available or Busy.",
        .guard = "Only clients of the UCCAPI family: custom clients may publish what they like.",
        .basis = "Lync client SDK: ContactAvailability (hh348201); A5",
    },
    [RULE_PRESENCE_LAST_ACTIVE_SHOWN] = {
        .name = "presence-last-active-shown", .severity = SEVERITY_NOTE,
        .meaning = "Watchers got lastActive together with an aggregate of Available, Busy or Do not disturb. One finding a user.",
        .reason = "It is meant for users who are away: it tells since when somebody has not touched the keyboard.",
        .guard = "Not for the owner's own documents. That it is missing is legal.",
        .basis = "Lync schema reference: parsing published category instances; KB 2684128; A7",
    },
    [RULE_PRESENCE_ENDPOINT_STATE_LEFT] = {
        .name = "presence-endpoint-state-left", .severity = SEVERITY_ERROR, .wait = 10,
        .meaning = "A publication bound to its endpoint was still listed in the owner's document after that endpoint had signed out or was deregistered.",
        .reason = "The user is shown as somebody who is at a machine, or in a call, that is gone.",
        .guard = "Only what that endpoint published in this input, and only under the same version. Not where the registration ran out: the server notices that late. Not "
                 "when the endpoint came back, or may have.",
        .basis = "Lync schema reference: expireType; [MS-SIPREGE] registration-notify; E1, R1",
    },
    [RULE_PRESENCE_TIMED_STATE_LEFT] = {
        .name = "presence-timed-state-left", .severity = SEVERITY_ERROR, .wait = 10,
        .meaning = "A publication with a lifetime was still listed in the owner's document after its time was over.",
        .reason = "The server removes what is not refreshed; the user stays busy for ever.",
        .guard = "Only what was accepted in this input, by its clock, and only under the same version: every refresh raises it. Silent when something that the publisher sent "
                 "since is missing, and when the document itself gives a later publishTime.",
        .basis = "Lync schema reference: expireType; UCMA: PresenceCategoryWithMetaData.Expires; E2",
    },
    [RULE_PRESENCE_MANUAL_STATE_OLD] = {
        .name = "presence-manual-state-old", .severity = SEVERITY_NOTE, .wait = 300,
        .meaning = "The owner's document lists a chosen Busy or Do not disturb that was published more than its usual 24 hours ago.",
        .reason = "Such a choice ends by itself; where it does not, the user seems busy for days.",
        .guard = "By the server's own publishTime, with the waiting time as tolerance for its clock. Silent where presence-timed-state-left speaks of it.",
        .basis = "Lync schema reference: publication behaviours of category instances; E3",
    },
    [RULE_SUBSCRIPTION_LAPSED] = {
        .name = "subscription-lapsed", .severity = SEVERITY_WARNING, .wait = 10,
        .meaning = "A subscription ran out without a refresh, and notifications on it went on.",
        .reason = "Server and client disagree on whether it exists; the client may stop listening at any moment.",
        .guard = "Not after the watcher signed out, and not when a refresh may have been missed. A note only when the watcher asked for "
                 "com.microsoft.autoextend, whose meaning is not published.",
        .basis = "RFC 6665 4.1.2.2, 4.2.1; U2",
    },
    [RULE_PRESENCE_AGGREGATE_UNEXPECTED] = {
        .name = "presence-aggregate-unexpected", .severity = SEVERITY_NOTE, .wait = 10,
        .meaning = "The server's aggregateState is none of the numbers that the user's published states admit. Same user, container, number and "
                   "expectation are one finding.",
        .reason = "Others see a presence that nothing explains: a lost or left-over publication, or a server that has not caught up.",
        .guard = "Only while the owner's own subscription showed all published states, and nothing of what the owner was told is missing. Silent when the server "
                 "shows a call that a gateway may have published elsewhere. The aggregation is a reconstruction with all that is left open admitted, so this is a note at most.",
        .basis = "US patents 9,241,038 and 8,700,690; Lync schema reference: aggregation containers; A1",
    },
    [RULE_PRESENCE_MACHINE_AGGREGATE_WRONG] = {
        .name = "presence-machine-aggregate-wrong", .severity = SEVERITY_WARNING, .wait = 10,
        .meaning = "The server's aggregateMachineState is not that of the most active machine, which is the lowest number among the machine states. Same "
                   "user, number and expectation are one finding.",
        .reason = "The user seems idle or away while somebody sits at another machine, or the other way round.",
        .guard = "Only while the owner's own subscription showed all published states, and nothing of what the owner was told is missing.",
        .basis = "Lync schema reference: publication behaviors of category instances; TechNet: the aggregation script (bb963938); A2",
    },
    [RULE_PRESENCE_WATCHER_STALE] = {
        .name = "presence-watcher-stale", .severity = SEVERITY_WARNING, .wait = 10,
        .meaning = "The server's aggregate of a user changed, and a subscribed watcher went on being shown what no container that can serve "
                   "that watcher shows any more.",
        .reason = "Somebody acts on a presence that is not true: calls a busy user, or leaves an available one alone.",
        .guard = "Needs the owner's own document (container 2) from before and after, while the owner stays subscribed and signed in, and a copy "
                 "that the watcher was shown. Not for queries, PIDF and legacy forms, not over UDP, not for a watcher who may be blocked, and 6900 and Do not "
                 "disturb stand for each other. Silent when a word to the watcher may have been missed, and where publish-expired says it better.",
        .basis = "[MS-PRES] 3.4.5.1; Lync 2013 schema reference: aggregation and default containers; S1, S2",
    },
    [RULE_PRESENCE_BLOCKED_LEAK] = {
        .name = "presence-blocked-leak", .severity = SEVERITY_ERROR,
        .meaning = "A watcher whom the user has blocked (container 32000) was shown more than Offline and empty values.",
        .reason = "The user's decision to block somebody has no effect.",
        .guard = "The user's own lists, as captured, name the watcher or its domain in 32000, and nothing higher; not in the 2 s after they changed. "
                 "Being notified at all is normal. Only for state, note, contact card and calendar data: what 32000 holds of others is not published.",
        .basis = "Lync 2013 schema reference: blocked contacts container; B1",
    },
    [RULE_PRESENCE_EXTERNAL_LEAK] = {
        .name = "presence-external-leak", .severity = SEVERITY_ERROR,
        .meaning = "A watcher of the external contacts (container 100) was shown an activity, a location, a device, a time zone or meeting data.",
        .reason = "What only colleagues may see reaches somebody outside.",
        .guard = "The user's own lists, as captured, name the watcher or its domain in 100, and nothing higher; not in the 2 s after they changed. "
                 "Not for PIDF and legacy forms.",
        .basis = "Lync 2013 schema reference: external contacts container; B2",
    },
    [RULE_PRESENCE_INPUT_LEAK] = {
        .name = "presence-input-leak", .severity = SEVERITY_ERROR,
        .meaning = "Another watcher than the owner was shown userState, machineState, phoneState or calendarState, or a category with its container or version.",
        .reason = "Watchers may see the aggregate only: the inputs tell of every device, call and meeting by itself.",
        .guard = "Only for category documents that a notification or the answer to a SUBSCRIBE carries to somebody else than the owner.",
        .basis = "Lync 2013 schema reference: state element, enhanced presence category instances; B3",
    },
    [RULE_BENOTIFY_NOT_OFFERED] = {
        .name = "benotify-not-offered", .severity = SEVERITY_ERROR,
        .meaning = "A server sent BENOTIFY in a subscription that never offered ms-benotify.",
        .reason = "The watcher does not know the method: it refuses the notification, and nobody hears of that.",
        .guard = "The SUBSCRIBE that opened the subscription was captured, and nothing that the watcher sent since is missing.",
        .basis = "[MS-SIP] 3.5; N3",
    },
    [RULE_BENOTIFY_ANSWERED] = {
        .name = "benotify-answered", .severity = SEVERITY_NOTE,
        .meaning = "A watcher answered a BENOTIFY. Answers of one watcher are one finding.",
        .reason = "Harmless: the server ignores them. The client costs it work that BENOTIFY was made to save.",
        .guard = "None: the response itself says it.",
        .basis = "[MS-SIP] 3.5; N2",
    },
    [RULE_SUBSCRIPTION_NOT_TERMINATED] = {
        .name = "subscription-not-terminated", .severity = SEVERITY_NOTE, .wait = 32,
        .meaning = "A watcher ended a presence subscription (Expires 0), and neither the answer nor a notification said that it is terminated.",
        .reason = "The watcher cannot know whether the server has really ended it.",
        .guard = "Only within a subscription, not for one-off queries. Silent when the end was refused, after a sign-out, over UDP, and when a notification may have been missed.",
        .basis = "RFC 3265 3.1.4.3; [MS-SIP] 3.3.5.1; U1",
    },
    [RULE_SUBSCRIPTION_NOT_RETRIED] = {
        .name = "subscription-not-retried", .severity = SEVERITY_WARNING, .wait = 60,
        .meaning = "A presence subscription was refused with 480, 481 or 504, or the server ended it (terminated as deactivated, or Expires 0 without a reason), and the watcher made no new one.",
        .reason = "These mean \"not now\": clients are expected to subscribe again. Until then the watcher sees nothing, or what was true long ago.",
        .guard = "The input goes on for the whole time and nothing of what the watcher sent is missing. Not after the watcher signed out or "
                 "asked for the end itself. A new SUBSCRIBE for the same user, or a batch that names it, is a retry.",
        .basis = "UCMA documentation: remote presence view, local owner presence; RFC 3265 3.2.4; U4",
    },
    [RULE_SUBSCRIPTION_RESUBSCRIBE_IGNORED] = {
        .name = "subscription-resubscribe-ignored", .severity = SEVERITY_NOTE, .wait = 60,
        .meaning = "A list told a watcher to subscribe elsewhere (state \"resubscribe\"), and no SUBSCRIBE for that contact followed. Contacts of one watcher are one finding.",
        .reason = "The watcher shows nothing for contacts of another pool or organisation.",
        .guard = "The input goes on for the whole time and nothing of what the watcher sent is missing. Not after the watcher signed out.",
        .basis = "[MS-PRES] 3.4.5.1.3; U3",
    },
    [RULE_SUBSCRIPTION_TOO_LARGE] = {
        .name = "subscription-too-large", .severity = SEVERITY_NOTE,
        .meaning = "One batch subscribes to more than 1000 users, which is the usual limit of a watcher.",
        .reason = "Above the limit that the administrator set, contacts show as unknown.",
        .guard = "None: the request itself says it. The limit that is really set is not in the capture.",
        .basis = "Lync 2013 schema reference: receiving presence category instances; L1",
    },
    [RULE_SUBSCRIPTION_PEER_LOST] = {
        .name = "subscription-peer-lost", .severity = SEVERITY_WARNING,
        .meaning = "A watcher answered a NOTIFY with 481 though its subscription had been accepted and was not ended by anybody.",
        .reason = "The server drops the subscription: from then on the watcher hears nothing, and its user does not know.",
        .guard = "The SUBSCRIBE was captured, nothing that the watcher sent since is missing, it has neither unsubscribed nor signed out, "
                 "and the notification was not the last one.",
        .basis = "RFC 3265 3.2.2; N1",
    },
    [RULE_COVERAGE_COMPRESSED] = {
        .name = "coverage-compressed", .severity = SEVERITY_NOTE,
        .meaning = "Connections agreed on compression, so nothing after the NEGOTIATE could be read.",
        .reason = "Whatever happened on them is not in this report. Capture with compression switched off at the server.",
        .guard = "None.",
        .basis = "[MS-SIPCOMP] 3.1",
    },
    [RULE_COVERAGE_ENCRYPTED] = {
        .name = "coverage-encrypted", .severity = SEVERITY_NOTE,
        .meaning = "TLS connections could not be read for want of keys.",
        .reason = "Whatever happened on them is not in this report.",
        .guard = "None.",
        .basis = "RFC 8446 5.1",
    },
    [RULE_COVERAGE_GAP] = {
        .name = "coverage-gap", .severity = SEVERITY_NOTE,
        .meaning = "Bytes of a stream are missing from the capture.",
        .reason = "Messages may be missing; rules that conclude something from silence say nothing there.",
        .guard = "None.",
        .basis = "RFC 9293 3.4 (sequence numbers)",
    },
    [RULE_COVERAGE_TRUNCATED] = {
        .name = "coverage-truncated", .severity = SEVERITY_NOTE,
        .meaning = "An input breaks off inside a record, or packets were captured short.",
        .reason = "The end of the input, or of its messages, is missing.",
        .guard = "None.",
        .basis = "pcap and pcapng file formats",
    },
    [RULE_COVERAGE_ONE_SIDED] = {
        .name = "coverage-one-sided", .severity = SEVERITY_NOTE,
        .meaning = "Only one direction of conversations was captured.",
        .reason = "Requests look unanswered and answers unasked for; rules that need both directions say nothing there.",
        .guard = "None.",
        .basis = "RFC 9293 3.4 (acknowledgements)",
    },
    [RULE_COVERAGE_NO_SIP] = {
        .name = "coverage-no-sip", .severity = SEVERITY_NOTE,
        .meaning = "Nothing in an input was SIP that could be read.",
        .reason = "This report says nothing about that input, neither good nor bad.",
        .guard = "None.",
        .basis = "RFC 3261 7",
    },
    [RULE_COVERAGE_CLOCK] = {
        .name = "coverage-clock", .severity = SEVERITY_NOTE,
        .meaning = "Record times go backwards.",
        .reason = "The clock of the capturing machine was set, or files were joined in the wrong order; waiting times may be wrong.",
        .guard = "None.",
        .basis = "pcap and pcapng file formats",
    },
    [RULE_COVERAGE_CAP] = {
        .name = "coverage-cap", .severity = SEVERITY_NOTE,
        .meaning = "A limit that protects against damaged or hostile input was reached.",
        .reason = "What lies beyond it was counted and not looked at.",
        .guard = "None.",
        .basis = "ocsight's own limits",
    },
};
/* clang-format on */

static_assert(sizeof infos / sizeof infos[0] == RULES, "every rule has a text");

const struct rule_info *rule_infos(void)
{
    return infos;
}
