/*
 * What each rule says of itself: `ocsight rules` prints it. What it does is in
 * rules.c. The short ids in `basis` are those of the audit rules that the product
 * was asked for; the documents are what users can look up.
 */
#include "analyzer/audit/rules.h"

/* clang-format off */
static const struct rule_info infos[RULES] = {
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
    [RULE_COMPLIANCE_ROW_MISSING] = {
        .name = "compliance-row-missing", .severity = SEVERITY_WARNING, .wait = 60,
        .meaning = "A message that the chat service accepted in the capture has no row in mgccomp.tblComplianceData, although the service had not come "
                   "so far: rows of messages before and after it in the same room are there and have numbers above lastProcessedEntryID. "
                   "The time is how far a row and its message may be apart, and how far those two must be from it.",
        .reason = "It got lost between the chat service and its compliance database, and no export will have it.",
        .guard = "A row is deleted when it was processed, so its absence alone says nothing: only between two rows that are still to be processed, "
                 "both of messages in the capture, where the numbers rise with the messages (that they do is inferred). Not where a row of the same user "
                 "and room at that time has another text, where messages of the room were replaced or purged, while a server holds the lock, or where "
                 "not all rows could be read. Not messages that link to a file.",
        .basis = "Persistent Chat compliance call flow, steps 2 to 5; facts/databases.md 8.4 and 10 (Q16)",
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
    [RULE_DATABASE_PUBLICATION_STALE] = {
        .name = "database-publication-stale", .severity = SEVERITY_WARNING, .wait = 300,
        .meaning = "A user of the directory is registered on none of the servers that were asked, and rtcdyn still has publications of that user which end with a sign-in.",
        .reason = "Watchers go on seeing somebody who has left.",
        .guard = "Every front end that the databases name was asked and could be read to the end; registrations could be read. Not what has an end of its own, "
                 "not what was published within the waiting time, and not if no ExpiresAt lies ahead, as then the servers' times may be of another zone.",
        .basis = "facts/databases.md 3, 10 Q9; Lync 2010 aggregation pages: the user-bound aggregate exists while the user is signed in",
    },
    [RULE_DATABASE_PUBLICATION_EXPIRED] = {
        .name = "database-publication-expired", .severity = SEVERITY_WARNING, .wait = 300,
        .meaning = "Publications still stand in rtcdyn more than the waiting time after their ExpiresAt. Those of one user are one finding.",
        .reason = "The server that should remove them does not, and what it aggregates may still count them.",
        .guard = "Not without the column ExpiresAt, and not if no ExpiresAt of any registration lies ahead: the zone of the servers' times is not known.",
        .basis = "facts/databases.md 8.2, 13; P1",
    },
    [RULE_DATABASE_PUBLICATION_DOUBLED] = {
        .name = "database-publication-doubled", .severity = SEVERITY_WARNING, .wait = 60,
        .meaning = "One server has the same instance of a category in the same container more than once, in different versions.",
        .reason = "One of them is what watchers see, and nothing says which.",
        .guard = "Not across servers, where older copies are normal. Not without the column InstanceNum. A row that changes while it is read may come twice: "
                 "not if one of them was published within the waiting time. Exact copies are never counted.",
        .basis = "facts/databases.md 3, 5.3; P4",
    },
    [RULE_DATABASE_ENDPOINT_ORPHANED] = {
        .name = "database-endpoint-orphaned", .severity = SEVERITY_WARNING, .wait = 300,
        .meaning = "An endpoint ran out or belongs to no registration, or a registration has no owner or no endpoint.",
        .reason = "What such an endpoint published has nobody to end it.",
        .guard = "An endpoint runs out only after the waiting time. Not if no ExpiresAt lies ahead: the zone of the servers' times is not known.",
        .basis = "facts/databases.md 10 Q10; E1",
    },
    [RULE_DATABASE_AGGREGATE_UNEXPECTED] = {
        .name = "database-aggregate-unexpected", .severity = SEVERITY_WARNING, .wait = 60,
        .meaning = "The aggregateState of container 2 or 3 in rtcdyn is none of the values that the rows of that container explain (a note), or the aggregated machine state is not that of the most active machine (a warning).",
        .reason = "The server shows a state that nobody published.",
        .guard = "Every table with publications was read to the end, there is an input, all of them are on the server that has the aggregate, and none was published within the waiting time. Not a call that a gateway may have published. "
                 "Silent where database-publication-stale, -expired or -doubled explains it.",
        .basis = "Lync 2010 aggregation pages; facts/presence.md 3.1, 3.3; A1, A2",
    },
    [RULE_DATABASE_PRESENCE_DIFFERS] = {
        .name = "database-presence-differs", .severity = SEVERITY_WARNING, .wait = 60,
        .meaning = "The trace ends with another band of a user than the aggregateState that the database had published by then.",
        .reason = "What the server told and what it keeps are not the same.",
        .guard = "The trace has the aggregate itself or the user's own publications; the database's row is not newer than the trace's end, "
                 "and the trace's state is older than its end by the waiting time. A row that is gone since then is no difference.",
        .basis = "facts/databases.md 3; facts/presence.md 3.3",
    },
    [RULE_DATABASE_POST_MISSING] = {
        .name = "database-post-missing", .severity = SEVERITY_WARNING, .wait = 60,
        .meaning = "A message that the chat service accepted in the trace is not among the rows of mgc.tblChat of its room.",
        .reason = "It will be in no history.",
        .guard = "The room is found in mgc.tblNode by the last part of its URI, which is said otherwise; its rows reach back before the message and were read to the end, "
                 "and the message is older than the waiting time when they were read. Not messages that link to a file.",
        .basis = "Persistent Chat database schema, tblChat; facts/databases.md 8.3",
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
    [RULE_COVERAGE_DATABASE] = {
        .name = "coverage-database", .severity = SEVERITY_NOTE,
        .meaning = "Tables, columns or servers could not be asked, or what they say cannot be compared.",
        .reason = "Rules that need them say nothing, which is not the same as nothing being wrong.",
        .guard = "None.",
        .basis = "facts/databases.md 7",
    },
};
/* clang-format on */

const struct rule_info *rule_info_of(enum rule_id rule)
{
    return rule_is_chat(rule) ? rule_info_of_chat(rule) : &infos[rule];
}
