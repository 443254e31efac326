/*
 * The table of commands. See command.h.
 */
#include "analyzer/commands/command.h"

#define BIT(name) OPTION_BIT(OPTION_##name)

/* What every command that reads inputs takes. */
#define READING                                                                                    \
    (BIT(FILTER) | BIT(FORMAT) | BIT(OUTPUT) | BIT(QUIET) | BIT(THREADS) | BIT(TZ) | BIT(WIDTH) |  \
     BIT(ASCII) | BIT(REDACT) | BIT(REDACT_KEY))

/* What limits the part that is shown. */
#define SELECTING (BIT(USER) | BIT(CALL_ID) | BIT(ROOM) | BIT(FROM) | BIT(TO))

/* How servers are reached. */
#define CONNECTING                                                                                 \
    (BIT(SERVER) | BIT(LOGIN) | BIT(PASSWORD_FILE) | BIT(ENCRYPT) | BIT(CA_FILE) |                 \
     BIT(TRUST_SERVER_CERTIFICATE) | BIT(ALLOW_PLAINTEXT_LOGIN) | BIT(TIMEOUT) | BIT(MAX_ROWS))

/* How a format is chosen without --format. */
#define BY_SUFFIX "; else by the suffix of -o"

static const struct command rows[] = {
    {
        .name = "audit",
        .arguments = "[INPUT...] [--server NAME...]",
        .summary = "findings with the packets that prove each, and a summary",
        .description =
            {
                "Reads the inputs, rebuilds SIP dialogs, presence and chat sessions, and reports "
                "what went wrong: each finding with its severity, rule, time, who is concerned and "
                "the packets that prove it. The report opens with what could be read: where "
                "nothing could, it never says that nothing was wrong.",
                "Formats: text, JSON and CSV; --format markdown is a summary for tickets; -o "
                "FILE.html a page that opens from disk, with the findings first and the ladder "
                "behind them.",
                "An earlier audit: with --baseline the findings are compared with those of an "
                "audit in JSON: new, same, gone; only new ones count for --fail-on.",
                "The archive: with --compliance-export the chat of the capture is compared with "
                "what the compliance service exported: what is in one and not in the other, and "
                "what differs.",
                "Databases: with --server, or a snapshot of servers as INPUT, the rows of their "
                "databases are audited: stale, expired, doubled and orphaned ones, and aggregates "
                "that nothing explains, at --at TIME or now. With a trace as well, what the trace "
                "ends with is compared with the rows, and its chat messages are looked up in mgc "
                "and mgccomp.",
            },
        .formats = "text, json, csv, html or markdown" BY_SUFFIX,
        .options = READING | SELECTING | CONNECTING | BIT(AT) | BIT(RULE) | BIT(NO_RULE) |
                   BIT(LIMIT) | BIT(FAIL_ON) | BIT(HASH) | BIT(COMPLIANCE_EXPORT) | BIT(BASELINE),
        .examples = {"ocsight audit faults.pcap",
                     "ocsight audit --format json --fail-on warning faults.pcap"},
        .run = command_audit,
    },
    {
        .name = "ladder",
        .arguments = "INPUT... -o FILE",
        .summary = "the ladder diagram as .pdf, .svg, .png, .html or .txt",
        .description =
            {
                "Draws who sent what to whom: a lane for each party, an arrow for each message "
                "with its time, packet number and meaning, and the findings at their place. --name "
                "calls an address, a host or a user what you call it.",
                "Formats: a drawing (.pdf, .svg, .png), a page (.html) or text, by the suffix of "
                "FILE or by --format; without -o the ladder is drawn as text.",
                "What is shown: --dialog and --flow show one dialog or the steps of one call flow. "
                "--finding shows one finding of the audit of the same inputs: the dialogs of its "
                "packets, and what its users did 5 s before and after; with --rule, --no-rule, "
                "--limit and --compliance-export as the audit had them. --related adds the other "
                "dialogs of the same users. Several of these show what is in all of them. "
                "--collapse folds what only repeats itself.",
                "A drawing shows the presence of users along their lanes and names the inputs with "
                "their SHA-256; --appendix is for a PDF, --scale for an SVG or PNG.",
                "A page is one file that opens from disk: a click on an arrow shows the message, "
                "secrets masked; it filters by user, dialog, method, room and finding, and "
                "searches.",
                "To be shown to others: with --redact names and addresses are pseudonyms and what "
                "people wrote is replaced, in every format; inputs are without their SHA-256, and "
                "what you say with --name is shown.",
            },
        .formats = "text, html, pdf, svg or png" BY_SUFFIX,
        .options = READING | SELECTING | BIT(DIALOG) | BIT(FLOW) | BIT(FINDING) | BIT(RELATED) |
                   BIT(COLLAPSE) | BIT(RULE) | BIT(NO_RULE) | BIT(LIMIT) | BIT(COMPLIANCE_EXPORT) |
                   BIT(PAPER) | BIT(SCALE) | BIT(APPENDIX) | BIT(SHOW_SECRETS) | BIT(NAME) |
                   BIT(NAMES),
        .examples = {"ocsight ladder group-chat.pcap -o flow.pdf",
                     "ocsight ladder third-party-publish.pcap --user fay@contoso.example"},
        .run = command_ladder,
    },
    {
        .name = "annotate",
        .arguments = "INPUT -o FILE.pcapng",
        .summary = "the same packets with comments, for Wireshark",
        .description =
            {
                "Writes the capture again as pcapng with packet comments: findings at the packets "
                "that prove them, what each message means, call-flow steps, changes of presence, "
                "to whom a chat message was delivered, and what could not be read.",
                "Comments begin with 'ocsight finding', 'ocsight message', 'ocsight flow', "
                "'ocsight presence', 'ocsight delivery', 'ocsight around' or 'ocsight coverage': a "
                "display filter such as frame.comment contains \"ocsight finding\" finds them.",
                "What is commented: --user, --dialog, --finding and the like choose it; findings "
                "are those of the audit with the same --rule, --no-rule, --limit and "
                "--compliance-export. --only user, dialog or finding writes just the packets of "
                "what was chosen, whole TCP connections and all fragments, so that they still "
                "reassemble; --only finding without --finding takes all findings.",
                "What stays: packets as they are, and what the file holds beside them; so --redact "
                "is refused. A comment that stands there already is not written twice.",
            },
        .options = SELECTING | BIT(DIALOG) | BIT(FLOW) | BIT(FINDING) | BIT(RELATED) | BIT(ONLY) |
                   BIT(RULE) | BIT(NO_RULE) | BIT(LIMIT) | BIT(COMPLIANCE_EXPORT) | BIT(OUTPUT) |
                   BIT(QUIET) | BIT(THREADS),
        .refused = BIT(REDACT) | BIT(REDACT_KEY),
        .examples = {"ocsight annotate group-chat.pcap -o group-chat.pcapng",
                     "ocsight annotate faults.pcap --only finding --finding 3 -o finding.pcapng"},
        .run = command_annotate,
    },
    {
        .name = "presence",
        .arguments = "[USER...] INPUT...",
        .summary = "each user's availability, when, and how we know",
        .description =
            {
                "Derives the availability band of each user from what was published and notified. "
                "An argument that is a file is an input; otherwise one with @ or * is a user. "
                "Without users, everybody is listed. A user whom nothing mentions is 'unknown'.",
                "--explain shows the inputs live at that moment, the step that decided and the "
                "packets; --as what one watcher was told, and where that was stale or different. "
                "--timeline with -o FILE.pdf, .svg or .png draws a lane for each user.",
                "Databases: with --server (no INPUT then), or of a snapshot, presence is what the "
                "databases rtc and rtcdyn hold: several front ends are merged, the highest version "
                "counts; --watch repeats and prints what changed.",
            },
        .formats = "text, json or csv; drawn as pdf, svg or png" BY_SUFFIX,
        .options = READING | BIT(USER) | BIT(AT) | BIT(TIMELINE) | BIT(FROM) | BIT(TO) |
                   BIT(EXPLAIN) | BIT(AS) | BIT(PAPER) | BIT(SCALE) | CONNECTING | BIT(WATCH),
        .positional = POSITIONAL_USERS_AND_INPUTS,
        .examples = {"ocsight presence ada@contoso.example presence-change.pcap --explain",
                     "ocsight presence third-party-publish.pcap --timeline -o day.pdf"},
        .run = command_presence,
    },
    {
        .name = "chat",
        .arguments = "INPUT...",
        .summary = "rooms, rosters, sessions and messages",
        .description =
            {
                "Lists the rooms of Group Chat and Persistent Chat with who was in them and what "
                "was said, and for each message who got it: settings, who is there and was, with "
                "the rights that permission masks seem to give, who came and went, whose rosters "
                "disagree, who follows the room, its files; --room picks one.",
                "--transcript prints one room as people read a chat, and for each message who did "
                "not get it and why.",
                "--session tells of the sessions of each endpoint: how it found the service, its "
                "dialogs and how each ended, its rooms, its commands and how long they took.",
                "--timeline tells what happened, one thing a line, and with -o FILE.pdf, .svg or "
                ".png draws it: a lane for each room, and with --room one for each of its people.",
                "--compliance exports what a compliance adapter would have received, as the XML of "
                "such an export, or with the packets as JSON and CSV. --from and --to go with "
                "--timeline and --compliance.",
                "--unknown lists every name of which nothing is known, and the preference "
                "documents.",
            },
        .formats =
            "text, json or csv; xml with --compliance; pdf, svg or png with --timeline" BY_SUFFIX,
        .options = READING | BIT(USER) | BIT(ROOM) | BIT(TRANSCRIPT) | BIT(SESSION) | BIT(UNKNOWN) |
                   BIT(SHOW_SECRETS) | BIT(COMPLIANCE) | BIT(TIMELINE) | BIT(FROM) | BIT(TO) |
                   BIT(PAPER) | BIT(SCALE),
        .examples = {"ocsight chat persistent-chat.pcap",
                     "ocsight chat --transcript 'Ops Bridge' persistent-chat.pcap"},
        .run = command_chat,
    },
    {
        .name = "db",
        .arguments = "REPORT [SNAPSHOT...]",
        .summary = "reports from the servers' databases, or from snapshots of them",
        .description =
            {
                "Asks the databases rtc, rtcdyn, mgc and mgccomp of the servers that --server "
                "names, or snapshots of them that 'store snapshot' took, and prints a table: who "
                "is online and with what, published documents, stale and orphaned rows, rooms and "
                "members, the compliance backlog. Nothing is written there.",
                "'db list' lists the reports, 'db schema' the columns that the login may see, 'db "
                "diff A B' what changed from one snapshot to another.",
                "Of rows that several front ends hold the highest version counts. A report says "
                "which columns a server does not have. --user and --room take * for anything; "
                "--limit REPORT=SECONDS is for stale and silent-servers.",
                "To be shown to others: with --redact everything that names somebody, or that "
                "somebody wrote, is a pseudonym before a report sees it; --user and --room are "
                "still real names.",
            },
        .formats = "text, json or csv" BY_SUFFIX,
        .options = BIT(FORMAT) | BIT(OUTPUT) | BIT(WIDTH) | BIT(USER) | BIT(ROOM) | BIT(AT) |
                   BIT(LIMIT) | BIT(UNPROVEN) | BIT(REDACT) | BIT(REDACT_KEY) | CONNECTING,
        .positional = POSITIONAL_WORDS,
        .examples = {"ocsight db online --server 'fe01\\RTCLOCAL'",
                     "ocsight db documents pool.db --user 'ann@*'"},
        .run = command_db,
    },
    {
        .name = "dialogs",
        .arguments = "INPUT...",
        .summary = "SIP dialogs and subscriptions: kind, parties, state, times",
        .description =
            {
                "One row for each SIP dialog and subscription, and for each Call-ID outside of "
                "dialogs: what it is, between whom, how it stands, when it began and ended and how "
                "many messages it has.",
            },
        .formats = "text, json or csv" BY_SUFFIX,
        .options = READING | SELECTING,
        .examples = {"ocsight dialogs group-chat.pcap",
                     "ocsight dialogs --format csv group-chat.pcap -o dialogs.csv"},
        .run = command_dialogs,
    },
    {
        .name = "flows",
        .arguments = "INPUT... [--server NAME...]",
        .summary = "the call flows recognised, step by step",
        .description =
            {
                "Recognises which call flow a user's traffic follows (publishing, watching and "
                "polling presence, a device's presence, signing in to chat, entering a room and "
                "posting, archiving) and prints for each flow its steps: seen, missing, misplaced, "
                "optional-absent or not-observable, with time and packet. A flow whose opening was "
                "not captured is joined-in-progress, and nothing is expected of it.",
                "The archive: whether a message was archived is told with --compliance-export, and "
                "with --server, or a snapshot of servers as INPUT, whether it got into the "
                "compliance database. With two snapshots, or a snapshot and its server, whether it "
                "was deleted there after it was processed: seen, pending or not-observable.",
            },
        .formats = "text, json or csv" BY_SUFFIX,
        .options = READING | SELECTING | BIT(COMPLIANCE_EXPORT) | CONNECTING,
        .examples = {"ocsight flows group-chat.pcap",
                     "ocsight flows --format json --user ada@contoso.example persistent-chat.pcap"},
        .run = command_flows,
    },
    {
        .name = "messages",
        .arguments = "INPUT...",
        .summary = "one line per SIP message",
        .description =
            {
                "One line for each SIP message as it was captured, retransmitted copies and copies "
                "on other hops included. With --format json one object a line.",
            },
        .formats = "text, json (one object a line) or csv" BY_SUFFIX,
        .options = READING | SELECTING,
        .examples = {"ocsight messages group-chat.pcap",
                     "ocsight messages --format json --user ann@contoso.example group-chat.pcap"},
        .run = command_messages,
    },
    {
        .name = "store",
        .arguments = "INPUT... | snapshot --server NAME... -o FILE",
        .summary = "everything that was found, in one SQLite file",
        .description =
            {
                "Keeps the SIP messages, web calls and service lookups of captures in a database, "
                "with what was made of them: dialogs, presence, chat, call flows and findings. The "
                "file can be asked in SQL, and be an INPUT of every other command. Secrets are "
                "masked: no store holds any; with --redact none holds names.",
                "--append adds captures to a store; one that is in it already is left out. A run "
                "that was cut off is dropped by the next --append, which reads it anew.",
                "Databases: with the word snapshot first, the rows of servers' databases are kept "
                "instead, for db, presence and audit without the server; --append adds servers and "
                "takes those anew that are unfinished. A capture called snapshot is written "
                "./snapshot.",
            },
        .options = BIT(OUTPUT) | BIT(APPEND) | BIT(FILTER) | BIT(QUIET) | BIT(THREADS) | BIT(RULE) |
                   BIT(REDACT) | BIT(REDACT_KEY) | BIT(NO_RULE) | BIT(LIMIT) | CONNECTING,
        .examples = {"ocsight store presence-change.pcap group-chat.pcap -o day.db",
                     "ocsight store --append group-chat.pcap -o chat.db"},
        .run = command_store,
    },
    {
        .name = "rules",
        .arguments = "[RULE]",
        .summary = "the audit's rules: meaning, reason, guards, source",
        .description =
            {
                "Lists the rules of the audit, or explains one of them.",
            },
        .formats = "text or json" BY_SUFFIX,
        .options = BIT(FORMAT) | BIT(OUTPUT) | BIT(WIDTH),
        .positional = POSITIONAL_WORDS,
        .examples = {"ocsight rules", "ocsight rules sip-request-unanswered"},
        .run = command_rules,
    },
    {
        .name = "bands",
        .arguments = "",
        .summary = "the availability bands and activity tokens",
        .description =
            {
                "Prints the nine availability bands with their exact edges, and the activity "
                "tokens.",
            },
        .formats = "text or json" BY_SUFFIX,
        .options = BIT(FORMAT) | BIT(OUTPUT),
        .positional = POSITIONAL_WORDS,
        .examples = {"ocsight bands", "ocsight bands --format json"},
        .run = command_bands,
    },
    {
        .name = "containers",
        .arguments = "[INPUT...]",
        .summary = "who sees which container of a user's presence",
        .description =
            {
                "Prints the containers that presence is published to: who sees each, what is in it "
                "and what it is fed from. With inputs, lists for each owner whom its lists put "
                "into which container.",
            },
        .formats = "text or json" BY_SUFFIX,
        .options = READING | BIT(USER),
        .examples = {"ocsight containers", "ocsight containers presence-change.pcap"},
        .run = command_containers,
    },
    {
        .name = "help",
        .arguments = "[COMMAND]",
        .summary = "this list, or the help of one command",
        .description =
            {
                "Prints the list of commands, or the help of one of them; also the manual page, "
                "and what completes command lines in a shell.",
            },
        .options = BIT(MAN) | BIT(COMPLETION),
        .positional = POSITIONAL_WORDS,
        .examples = {"ocsight help", "ocsight help audit"},
        .run = command_help,
    },
};

const struct command *command_rows(size_t *count)
{
    *count = sizeof rows / sizeof rows[0];
    return rows;
}

const struct command *command_find(struct slice name)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (slice_equal(slice_of(rows[i].name), name)) {
            return &rows[i];
        }
    }
    return NULL;
}
