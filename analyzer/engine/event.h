/*
 * What goes in: one normalised fact. `struct event` is the only thing the
 * engine accepts, whether the fact came from the wire, a text log or a database
 * row; they differ only in `origin`.
 *
 * A SIP message is itself an event (EVENT_MESSAGE); the facts of its body follow
 * it, each as an event of its own that points back to the message. Who said it
 * to whom is in that message; a payload that was read from a database row has
 * `message` NULL and names its user itself.
 *
 * Everything here is borrowed until the callback that received it returns.
 */
#ifndef OCSIGHT_ANALYZER_ENGINE_EVENT_H
#define OCSIGHT_ANALYZER_ENGINE_EVENT_H

#include "analyzer/engine/message.h"
#include "analyzer/engine/origin.h"

/* ---- presence (facts/presence.md parts 1, 2, 7) ---- */

/* xsi:type of a state category, compared without case. */
enum state_kind {
    STATE_NONE, /* not a state category, or it has no type */
    STATE_USER,
    STATE_MACHINE,
    STATE_PHONE,
    STATE_CALENDAR,
    STATE_CONFERENCE,
    STATE_AGGREGATE,
    STATE_AGGREGATE_MACHINE,
    STATE_UNKNOWN, /* a type that the fact sheet does not name */
};

/* An availability that was not given. */
#define AVAILABILITY_NONE INT64_C(-1)

enum { PRESENCE_ACTIVITIES = 4 }; /* kept of one value; more are counted in activity_count */

struct presence_activity {
    struct slice token; /* as written */
    struct slice text;  /* first custom text; "" without */
    uint32_t min;       /* minAvailability, default 0 */
    uint32_t max;       /* maxAvailability, default UINT32_MAX */
};

/* The value of one state category instance, or of one PIDF document. */
struct presence_value {
    enum state_kind kind;
    int64_t availability; /* AVAILABILITY_NONE when absent or unreadable */
    struct presence_activity activities[PRESENCE_ACTIVITIES];
    size_t activity_count; /* as written; only the first PRESENCE_ACTIVITIES are kept */
    bool manual;
    struct slice device;
    struct slice location;  /* endpointLocation */
    struct slice time_zone; /* timeZoneName */
    struct slice meeting_subject;
    struct slice meeting_location;
    struct slice endpoint_id; /* GUID of the most active device */
    int64_t last_active;      /* ns, TIME_NONE */
    int64_t start_time;       /* ns, TIME_NONE */
};

enum expire_type {
    EXPIRE_NONE,
    EXPIRE_STATIC,
    EXPIRE_ENDPOINT,
    EXPIRE_USER,
    EXPIRE_TIME,
    EXPIRE_UNKNOWN
};

/* What names one category instance: (user, name, instance, container). */
struct category_key {
    struct slice user; /* "user@host" */
    struct slice name; /* categoryName as written */
    uint32_t instance;
    uint32_t container;
    bool has_instance;
    bool has_container; /* watchers other than the owner are not told the container */
};

/* The categories with a meaning of their own (presence.md 2.6, part 5); others are kept verbatim.
 */
enum category_kind {
    CATEGORY_UNKNOWN,
    CATEGORY_STATE,
    CATEGORY_NOTE,
    CATEGORY_CONTACT_CARD,
    CATEGORY_CALENDAR_DATA,
    CATEGORY_SERVICES,
    CATEGORY_DEVICE,
    CATEGORY_DND_STATE,
    CATEGORY_LEGACY_INTEROP,
    CATEGORY_ROUTING,
    CATEGORY_ROOM_SETTING,
    CATEGORY_KINDS
};

/* One leaf of a category's content: an attribute or the text of an element. */
struct category_item {
    struct slice
        name; /* "body", "freeBusy@startTime": local names, the element's then the attribute's */
    struct slice value;
};

/*
 * One `publication` of a SERVICE (EVENT_PUBLICATION), or one `category` of a
 * notification, of a roaming-self document or of a database row (EVENT_CATEGORY).
 */
struct category_fact {
    struct category_key key;
    uint32_t index; /* 1-based place in its document; a 409 names it */
    uint32_t version;
    bool has_version;
    enum expire_type expire_type;
    int64_t expires;      /* seconds, -1 = none */
    int64_t publish_time; /* ns, TIME_NONE */
    bool empty;           /* no child: deletes (with expires 0) or clears the instance */
    bool whole;           /* of a database row: all that its user has published is among the rows */
    enum category_kind category;
    bool has_value; /* `value` holds a decoded state (categories state and dndState) */
    struct presence_value value;
    const struct category_item *items; /* of any other category; capped by limits.category_items */
    size_t item_count;
    struct slice text; /* what the content says to people in one line: a note's text, a display
                          name, "free/busy: 2 busy, 1 out of office"; "" = nothing known of it */
    struct slice raw;  /* the element, byte for byte */
};

/* One `operation` of an msrtc-fault document (EVENT_FAULT): presence.md 1.2. */
struct fault_fact {
    struct slice code; /* "Client.BadCall.WrongDelta" */
    uint32_t index;    /* 1-based place in the refused request; 0 = none */
    uint32_t version;
    uint32_t current_version;
};

/* One presence document in PIDF (EVENT_PIDF): presence.md part 7. */
struct pidf_fact {
    struct slice user; /* entity as "user@host" */
    bool has_basic;
    bool open;                   /* basic is "open" */
    struct presence_value value; /* availability only if the document had one; activities as read */
    struct slice display_name;
    struct slice raw;
};

/*
 * Presence of an LCS 2005 level client (EVENT_LEGACY): setPresence in SOAP, a
 * text/xml+msrtc.pidf notification, application/xpidf+xml. presence.md part 6.
 */
struct legacy_device {
    struct slice epid;
    int64_t availability; /* aggregate of that device, 0..999; AVAILABILITY_NONE */
    int64_t activity;
    int64_t state;     /* a 2007-style number; AVAILABILITY_NONE */
    struct slice text; /* of that state */
    int64_t since;     /* ns, TIME_NONE */
};

struct legacy_fact {
    struct slice user;
    int64_t availability; /* aggregate, 0..999 as documented; AVAILABILITY_NONE when absent */
    int64_t activity;
    struct slice epid; /* of the most active endpoint */
    bool has_user_state;
    bool user_state_nil; /* nil="true": cancelled */
    int64_t user_state;  /* a 2007-style number */
    struct slice user_text;
    int64_t user_since; /* ns, TIME_NONE */
    bool out_of_office;
    struct slice display_name;
    struct slice note;
    const struct legacy_device *devices;
    size_t device_count;
    struct slice raw;
};

/* What a member of a container is (presence.md 1.6). */
enum member_type {
    MEMBER_TYPE_UNKNOWN,
    MEMBER_TYPE_USER,
    MEMBER_TYPE_DOMAIN,
    MEMBER_TYPE_SAME_ENTERPRISE,
    MEMBER_TYPE_FEDERATED,
    MEMBER_TYPE_PUBLIC_CLOUD,
    MEMBER_TYPE_EVERYONE,
};

enum container_action {
    CONTAINER_LISTED, /* the owner's document says that it is so */
    CONTAINER_ADD,    /* setContainerMembers asks for it */
    CONTAINER_REMOVE,
    CONTAINER_EMPTY, /* a container without a member is listed */
};

/* One member of one container (EVENT_CONTAINER): presence.md 1.6 and part 5. */
struct container_fact {
    struct slice owner; /* "user@host" */
    uint32_t id;
    uint32_t version;
    bool has_version;
    enum container_action action;
    enum member_type type;
    struct slice type_text; /* as written */
    struct slice value;     /* "user@host", a domain, or "" */
    uint32_t index;         /* 1-based place in its document; 1 begins a new list */
};

enum roaming_kind {
    ROAMING_SUBSCRIBER,
    ROAMING_DELEGATE,
    ROAMING_CONTACT,
    ROAMING_CONTACT_GONE, /* a contactDelta takes it away */
    ROAMING_ACE,          /* one entry of the roaming ACL */
};

/* One entry of the owner's roaming lists (EVENT_ROAMING): presence.md 1.6. */
struct roaming_fact {
    enum roaming_kind kind;
    struct slice owner;
    struct slice user; /* "user@host" */
    struct slice name; /* display name; "" without */
    bool acknowledged;
    struct slice raw;
};

/* A registration-notify body (EVENT_REGISTRATION): presence.md 1.6. */
struct registration_fact {
    struct slice user; /* whose endpoint; the To of the notification */
    struct slice epid;
    bool deregistered;
    struct slice event; /* "rejected", "unregistered", "deactivated"; as written */
};

/* One resource instance of an RLMI list (EVENT_RESOURCE): RFC 4662, presence.md 1.4. */
struct resource_fact {
    struct slice user;
    struct slice state;     /* "active", "resubscribe", ... */
    struct slice pool_fqdn; /* "" without */
    uint32_t version;
    bool full;
};

/* One resource of a batched subscription (EVENT_WATCH): presence.md 1.3. */
struct watch_fact {
    struct slice user;
    struct slice action; /* "subscribe", "unsubscribe", ... */
};

/* ---- chat (facts/xccos.md part 1) ---- */

enum chat_class { CHAT_COMMAND, CHAT_REPLY, CHAT_NOTICE, CHAT_MESSAGE, CHAT_UNKNOWN };

/* The replies, commands and notices with a meaning of their own; others keep their name. */
enum chat_verb {
    CHAT_VERB_OTHER,
    CHAT_REQURI,
    CHAT_GETSERVERINFO,
    CHAT_GETASSOCIATIONS,
    CHAT_JOIN,
    CHAT_BJOIN,
    CHAT_PART,
    CHAT_CHANSRCH,
    CHAT_BCCONTEXT,
    CHAT_GETINV,
    CHAT_GETPREF,
    CHAT_SETPREF,
    CHAT_NODESPERMCREATECHILD,
    CHAT_GETFUTOK,
    CHAT_GETFDTOK,
    CHAT_GETFTOK,
    CHAT_GRPCHAT,
};

struct chat_member {
    struct slice user; /* "user@host"; empty if no uib resolves `id` */
    uint32_t id;       /* uib id, local to its reply */
    uint64_t mask;     /* aib key; permission bits (xccos.md 1.10) */
    bool has_mask;
    bool unresolved; /* an aib listed this id and no uib has it */
};

/* A posted, delivered or remembered message. */
struct chat_post {
    struct slice room;       /* normalised URI, as in chat_room */
    struct slice author;     /* "user@host" */
    struct slice author_uri; /* as written */
    struct slice text;       /* of `chat`, line ends as the XML reader gives them */
    struct slice chat_id;    /* chatId when present (R); "" without */
    int64_t ts;              /* ns, TIME_NONE when missing or unreadable */
    struct slice ts_text;    /* as written; "" when missing */
    bool has_chat;           /* there was a `chat` element */
    bool file_link;          /* the text holds a ma-filelink: reference */
};

/* What may be said of something, or not at all. */
enum said { SAID_NOTHING, SAID_NO, SAID_YES };

/* A room in a reply, notice or command (chanib, chanid, fib, aib with domain and value). */
struct chat_room {
    struct slice uri; /* "ma-chan://domain/value" in lower case */
    struct slice name;
    struct slice topic;
    struct slice description;
    struct slice failure;    /* fib key; "" = not refused */
    struct slice visibility; /* info "visibilty", as written; "" = not told (xccos.md 1.9) */
    uint32_t user_count;     /* info "ucnt": users in the room when it was asked */
    bool has_user_count;
    enum said file_post; /* prop "filepost" */
    enum said invites;   /* prop "invite" */
    enum said logged;    /* prop "logged" */
    uint32_t repeated;   /* ids that several aib of this room list (xccos.md XD05) */
    const struct chat_member *members;
    size_t member_count;
    const struct chat_post *history; /* msg children */
    size_t history_count;
};

/* sib: what the service says of itself (xccos.md 1.4). */
struct chat_server {
    struct slice time_text; /* serverTime as written; "" = not told, as for the texts below */
    int64_t time;           /* ns, TIME_NONE */
    uint64_t search_limit;  /* 0 = not told, as for the limits below */
    uint64_t message_size;  /* messageSizeLimit; bytes by the managed API (xccos.md XE09) */
    uint64_t story_size;    /* storySizeLimit */
    struct slice root_uri;
    struct slice database; /* dbVersion */
};

/* What the Base64 of a preference turned out to hold: xccos.md 1.12 leaves that open. */
enum preference_coding {
    PREFERENCE_NONE,  /* no content */
    PREFERENCE_BYTES, /* nothing that is recognised */
    PREFERENCE_TEXT,
    PREFERENCE_GZIP,
    PREFERENCE_ZLIB,
    PREFERENCE_NOT_BASE64,
};

/* pref: a preference document asked for, given or stored (2007 R2 and 2010 clients). */
struct chat_preference {
    struct slice label;   /* "kedzie.GroupChannels" */
    struct slice number;  /* pref@seqid, as written */
    struct slice content; /* Base64, as written */
    enum preference_coding coding;
    struct slice plain; /* decoded and, where it was compressed, inflated; may be any bytes */
    bool cut;           /* `plain` ends at a cap, or the compressed data broke off */
    bool create_default;
};

/* A name that facts/xccos.md does not know, kept as it was written. */
struct chat_unknown {
    struct slice path; /* "rpl:join/data/chanib/colour" or "grpchat@alert" */
    struct slice text; /* its value or first text, cut to a line's worth */
    bool recalled;     /* the sheet recalls the name (xccos.md 7.2), which proves nothing */
};

/* One child of an envelope (EVENT_CHAT). Names are compared without case, kept as written. */
struct chat_fact {
    enum chat_class class;
    enum chat_verb verb;
    struct slice name;         /* id without its "cmd:" prefix, as written */
    struct slice envelope;     /* xccos@envid as text */
    struct slice sequence;     /* seqid as text */
    struct slice ref_envelope; /* commandid@envid of a reply */
    struct slice ref_sequence;
    bool has_ref;
    bool has_code;
    uint32_t code; /* resp@code; 500 when missing or unreadable (xccos.md 1.2) */
    struct slice code_text;
    const struct chat_room *rooms;
    size_t room_count;
    struct slice service_uri;  /* uib@uri of rpl:requri as "user@host"; "" = none */
    struct slice file_name;    /* ftdb@fileUrl */
    struct slice token_server; /* token@serveruri; the token itself is a secret and only hashed */
    uint64_t token_hash;
    bool has_token;
    uint32_t history_limit; /* bcq/last@cnt, 0 = none */
    bool has_server;
    struct chat_server server;
    const struct chat_preference *preferences; /* one command or reply may carry several */
    size_t preference_count;
    bool has_invite;
    uint64_t invite_id;       /* inv@inviteId: the newest invitation already known */
    bool has_query;           /* qib: */
    struct slice query_type;  /* "BYNAME" */
    struct slice query_words; /* criteria; "" asks for all rooms */
    uint32_t unused_users;    /* uib that no room of the reply lists (xccos.md XD04) */
    uint32_t place;           /* 1-based place among the children of its envelope */
    const struct chat_unknown *unknown;
    size_t unknown_count;
    struct chat_post post; /* CHAT_MESSAGE */
    struct slice raw;      /* the element, byte for byte; may hold a token */
};

/* ---- around chat: provisioning, web services, name service ---- */

/* In-band provisioning, group persistentChatConfiguration (EVENT_PROVISIONING; xccos.md 1.14). */
struct provisioning_fact {
    enum said enabled;         /* EnablePersistentChat */
    struct slice default_pool; /* "user@host"; "" = not told */
    const struct slice *pools; /* PersistentChatPoolUris, "user@host" each */
    size_t pool_count;
    struct slice manager_internal; /* address of the room management page; "" = not told */
    struct slice manager_external;
    uint32_t unknown; /* further properties of that group */
};

/* Requests to the chat web services (xccos.md 1.13, 1.14), told by path, SOAPAction and body. */
enum http_call {
    HTTP_OTHER,        /* to one of those services, and not one of the following */
    HTTP_UNIQUE_NAME,  /* RequestUniqueFilenameWithExtension */
    HTTP_FILE_LIMIT,   /* GetMaxFileSizeInKB */
    HTTP_CHUNK_LIMIT,  /* GetMaxRequestContentInKB */
    HTTP_APPEND_CHUNK, /* an upload's part */
    HTTP_FILE_SIZE,    /* GetFileSize */
    HTTP_DOWNLOAD_CHUNK,
    HTTP_ROOM_PAGE, /* the room management page itself, and RMCommand Type="Landing" */
    HTTP_ROOM_CREATE,
    HTTP_ROOM_MODIFY,
};

/* RMCommand of the room management page; texts as written, "" = absent. */
struct room_order {
    struct slice room; /* RoomId as it stands, in lower case; "" when the room is being made */
    struct slice name;
    struct slice old_name;
    struct slice description;
    struct slice privacy; /* Open, Closed or Secret */
    struct slice add_in;
    struct slice category;
    struct slice managers; /* display names separated by "; " */
    struct slice members;
    struct slice notification;
    enum said remove; /* DeleteRoom */
};

/* One HTTP request or response of the chat web services (EVENT_HTTP). There is no SIP message. */
struct http_fact {
    uint64_t exchange; /* shared by a request and its response, and by nothing else of the run */
    bool request;
    enum http_call call; /* of the request, for a response too */
    struct slice method;
    struct slice target; /* of the request line, without query */
    struct slice host;
    uint16_t status; /* of a response */
    struct slice reason;
    struct address client;
    struct address server;
    bool has_token;
    uint64_t token_hash;     /* as chat_fact.token_hash */
    struct slice room_id;    /* channelId: a room's GUID in lower case */
    struct slice file;       /* uniqueFilename, reposFileName, or the name that a response gives */
    uint64_t offset;         /* of a chunk */
    uint64_t bytes;          /* decoded size of a chunk sent or received */
    uint64_t file_length;    /* as an AppendChunk or GetFileSize says; 0 = not told */
    struct slice result;     /* a response's first text, as written and cut to a line's worth; never
                                a chunk */
    bool cut;                /* the body was not captured or kept to its end */
    struct room_order order; /* HTTP_ROOM_CREATE, HTTP_ROOM_MODIFY */
};

struct dns_target {
    struct slice host;
    uint16_t port;
    uint16_t priority;
    uint16_t weight;
};

/* A DNS question for a service record, or its answer (EVENT_DNS; RFC 1035, RFC 2782). */
struct dns_fact {
    bool request;
    uint16_t id;       /* pairs question and answer, with both addresses */
    struct slice name; /* "_sipinternaltls._tcp.contoso.example", lower case */
    uint8_t code;      /* RCODE of an answer: 0 = no error, 3 = no such name */
    const struct dns_target *targets;
    size_t target_count;
    struct address client;
    struct address server;
};

/* ---- dialogs ---- */

enum dialog_kind {
    DIALOG_INVITE,
    DIALOG_SUBSCRIBE,
    DIALOG_REGISTER,
    DIALOG_PUBLISH,
    DIALOG_SERVICE,
    DIALOG_MESSAGE,
    DIALOG_OPTIONS,
    DIALOG_NEGOTIATE,
    DIALOG_OTHER,
};

enum dialog_state {
    DIALOG_TRYING,
    DIALOG_EARLY,
    DIALOG_CONFIRMED,
    DIALOG_TERMINATED,
    DIALOG_REFUSED,
    DIALOG_UNFINISHED, /* the input ended before it was decided */
};

/* What an INVITE dialog is for (design.md section 3). */
enum dialog_service {
    SERVICE_NONE,
    SERVICE_CHAT_LOOKUP,
    SERVICE_CHAT,
    SERVICE_IM,
    SERVICE_AUDIO_VIDEO,
    SERVICE_CONFERENCE,
};

enum dialog_mode { DIALOG_MODE_NONE, DIALOG_PERSISTENT, DIALOG_POLLING, DIALOG_QUERY };

/* A dialog, subscription or out-of-dialog exchange as it stands (EVENT_DIALOG). */
struct dialog_view {
    uint64_t id; /* ascending from 1 */
    enum dialog_kind kind;
    enum dialog_state state;
    enum dialog_state
        previous; /* state before this event; equal to `state` when only other facts changed */
    enum dialog_mode mode; /* of a subscription */
    enum dialog_service service;
    bool from_start; /* the request that opened it was captured */
    struct slice call_id;
    struct slice from; /* "user@host" of the opener, else the URI without scheme */
    struct slice to;
    struct slice from_epid;
    struct slice to_epid;
    struct slice event;   /* Event package of a subscription or PUBLISH */
    bool offers_benotify; /* the subscriber offered ms-benotify */
    int64_t start;        /* ns: first message */
    int64_t end;          /* ns: last message so far */
    int64_t expires_at;   /* ns: when it lapses without a refresh; TIME_NONE = never or unknown */
    uint64_t messages;    /* copies and retransmissions included */
    uint16_t status;      /* final status that decided it; 0 = none yet */
    struct slice
        reason; /* Subscription-State reason, or why it ended: "bye", "481", "expired" ... */
};

/* ---- what could not be read ---- */

enum coverage_kind {
    COVERAGE_COMPRESSED, /* NEGOTIATE with Compression was accepted: presence.md 8.3 */
    COVERAGE_ENCRYPTED,  /* TLS without keys */
    COVERAGE_GAP,        /* bytes of a stream are missing */
    COVERAGE_TRUNCATED,  /* an input breaks off, or packets were captured short */
    COVERAGE_ONE_SIDED,  /* only one direction of a conversation was captured */
    COVERAGE_NO_SIP,     /* nothing in an input was SIP */
    COVERAGE_CLOCK,      /* record times go backwards */
    COVERAGE_CAP,        /* a limit was reached; `detail` names it */
};

struct coverage_fact {
    enum coverage_kind kind;
    struct address source; /* the direction concerned; family 0 when it is no flow */
    struct address destination;
    uint64_t bytes;      /* lost or unread; 0 = not known */
    uint64_t count;      /* packets, streams or times */
    struct slice detail; /* the cap's name, the reason ... */
};

/* Odd input that did not stop anything (EVENT_DIAGNOSTIC); printed as "file:record: code: detail".
 */
struct diagnostic_fact {
    const char *code;    /* stable slug: "xml-not-well-formed" ... */
    struct slice detail; /* the library's or our own words; may hold input bytes */
    uint64_t offset;     /* bytes from the start of the message or body */
};

/* ---- the event ---- */

enum event_kind {
    EVENT_MESSAGE,
    EVENT_DIALOG,
    EVENT_PUBLICATION,
    EVENT_CATEGORY,
    EVENT_FAULT,
    EVENT_PIDF,
    EVENT_LEGACY,
    EVENT_CONTAINER,
    EVENT_ROAMING,
    EVENT_REGISTRATION,
    EVENT_RESOURCE,
    EVENT_WATCH,
    EVENT_CHAT,
    EVENT_PROVISIONING,
    EVENT_HTTP,
    EVENT_DNS,
    EVENT_COVERAGE,
    EVENT_DIAGNOSTIC,
    EVENT_KINDS
};

struct event {
    enum event_kind kind;
    struct origin origin;
    const struct message *message; /* that carried it; NULL for a database row, EVENT_HTTP,
                                      EVENT_DNS and most EVENT_COVERAGE */
    union {
        struct dialog_view dialog;
        struct category_fact category; /* EVENT_PUBLICATION and EVENT_CATEGORY */
        struct fault_fact fault;
        struct pidf_fact pidf;
        struct legacy_fact legacy;
        struct container_fact container;
        struct roaming_fact roaming;
        struct registration_fact registration;
        struct resource_fact resource;
        struct watch_fact watch;
        struct chat_fact chat;
        struct provisioning_fact provisioning;
        struct http_fact http;
        struct dns_fact dns;
        struct coverage_fact coverage;
        struct diagnostic_fact diagnostic;
    } as;
};

/* Whoever wants events gives one of these. The event is borrowed. */
struct event_sink {
    void (*event)(void *context, const struct event *event);
    void *context;
};

static inline void event_emit(const struct event_sink *sink, const struct event *event)
{
    sink->event(sink->context, event);
}

/* Names as they stand in JSON and text output; never NULL. */
const char *event_kind_name(enum event_kind kind);
const char *state_kind_name(enum state_kind kind);
const char *expire_type_name(enum expire_type type);
const char *category_kind_name(enum category_kind kind); /* "contactCard" ...; "unknown" */
const char *member_type_name(enum member_type type);     /* "sameEnterprise" ...; "unknown" */
const char *container_action_name(enum container_action action);
const char *roaming_kind_name(enum roaming_kind kind);
const char *chat_class_name(enum chat_class class);
const char *preference_coding_name(enum preference_coding coding);
const char *http_call_name(enum http_call call); /* "AppendChunk" ... */
const char *dialog_kind_name(enum dialog_kind kind);
const char *dialog_state_name(enum dialog_state state);
const char *dialog_service_name(enum dialog_service service); /* "" for none */
const char *dialog_mode_name(enum dialog_mode mode);          /* "" for none */
const char *coverage_kind_name(enum coverage_kind kind);      /* "coverage-gap" ... */

#endif
