/*
 * The words of every enum that is printed: event.h, change.h, finding.h, summary.h, live.h.
 */
#include "analyzer/engine/change.h"

#include "analyzer/engine/finding.h"
#include "analyzer/engine/flow.h"
#include "analyzer/engine/live.h"
#include "analyzer/engine/summary.h"

/* A value outside the table can only come from a broken caller; it still gets a word. */
static const char *name_at(const char *const *names, size_t count, size_t value)
{
    return value < count && names[value] ? names[value] : "unknown";
}

const char *event_kind_name(enum event_kind value)
{
    /* clang-format off */
    static const char *const names[] = {
        [EVENT_MESSAGE]     = "message",
        [EVENT_DIALOG]      = "dialog",
        [EVENT_PUBLICATION] = "publication",
        [EVENT_CATEGORY]    = "category",
        [EVENT_FAULT]       = "fault",
        [EVENT_PIDF]        = "pidf",
        [EVENT_LEGACY]      = "legacy",
        [EVENT_CONTAINER]   = "container",
        [EVENT_ROAMING]     = "roaming",
        [EVENT_REGISTRATION] = "registration",
        [EVENT_RESOURCE]    = "resource",
        [EVENT_WATCH]       = "watch",
        [EVENT_CHAT]        = "chat",
        [EVENT_PROVISIONING] = "provisioning",
        [EVENT_HTTP]        = "http",
        [EVENT_DNS]         = "dns",
        [EVENT_COVERAGE]    = "coverage",
        [EVENT_DIAGNOSTIC]  = "diagnostic",
    };
    /* clang-format on */
    return name_at(names, sizeof names / sizeof names[0], (size_t)value);
}

const char *state_kind_name(enum state_kind value)
{
    /* clang-format off */
    static const char *const names[] = {
        [STATE_NONE]              = "none",
        [STATE_USER]              = "userState",
        [STATE_MACHINE]           = "machineState",
        [STATE_PHONE]             = "phoneState",
        [STATE_CALENDAR]          = "calendarState",
        [STATE_CONFERENCE]        = "conferenceState",
        [STATE_AGGREGATE]         = "aggregateState",
        [STATE_AGGREGATE_MACHINE] = "aggregateMachineState",
        [STATE_UNKNOWN]           = "unknown",
    };
    /* clang-format on */
    return name_at(names, sizeof names / sizeof names[0], (size_t)value);
}

const char *expire_type_name(enum expire_type value)
{
    /* clang-format off */
    static const char *const names[] = {
        [EXPIRE_NONE]     = "none",
        [EXPIRE_STATIC]   = "static",
        [EXPIRE_ENDPOINT] = "endpoint",
        [EXPIRE_USER]     = "user",
        [EXPIRE_TIME]     = "time",
        [EXPIRE_UNKNOWN]  = "unknown",
    };
    /* clang-format on */
    return name_at(names, sizeof names / sizeof names[0], (size_t)value);
}

const char *category_kind_name(enum category_kind value)
{
    /* clang-format off */
    static const char *const names[] = {
        [CATEGORY_UNKNOWN]        = "unknown",
        [CATEGORY_STATE]          = "state",
        [CATEGORY_NOTE]           = "note",
        [CATEGORY_CONTACT_CARD]   = "contactCard",
        [CATEGORY_CALENDAR_DATA]  = "calendarData",
        [CATEGORY_SERVICES]       = "services",
        [CATEGORY_DEVICE]         = "device",
        [CATEGORY_DND_STATE]      = "dndState",
        [CATEGORY_LEGACY_INTEROP] = "legacyInterop",
        [CATEGORY_ROUTING]        = "routing",
        [CATEGORY_ROOM_SETTING]   = "roomSetting",
    };
    /* clang-format on */
    return name_at(names, sizeof names / sizeof names[0], (size_t)value);
}

const char *member_type_name(enum member_type value)
{
    /* clang-format off */
    static const char *const names[] = {
        [MEMBER_TYPE_UNKNOWN]         = "unknown",
        [MEMBER_TYPE_USER]            = "user",
        [MEMBER_TYPE_DOMAIN]          = "domain",
        [MEMBER_TYPE_SAME_ENTERPRISE] = "sameEnterprise",
        [MEMBER_TYPE_FEDERATED]       = "federated",
        [MEMBER_TYPE_PUBLIC_CLOUD]    = "publicCloud",
        [MEMBER_TYPE_EVERYONE]        = "everyone",
    };
    /* clang-format on */
    return name_at(names, sizeof names / sizeof names[0], (size_t)value);
}

const char *container_action_name(enum container_action value)
{
    /* clang-format off */
    static const char *const names[] = {
        [CONTAINER_LISTED] = "listed",
        [CONTAINER_ADD]    = "add",
        [CONTAINER_REMOVE] = "remove",
        [CONTAINER_EMPTY]  = "empty",
    };
    /* clang-format on */
    return name_at(names, sizeof names / sizeof names[0], (size_t)value);
}

const char *roaming_kind_name(enum roaming_kind value)
{
    /* clang-format off */
    static const char *const names[] = {
        [ROAMING_SUBSCRIBER]   = "subscriber",
        [ROAMING_DELEGATE]     = "delegate",
        [ROAMING_CONTACT]      = "contact",
        [ROAMING_CONTACT_GONE] = "contact-gone",
        [ROAMING_ACE]          = "ace",
    };
    /* clang-format on */
    return name_at(names, sizeof names / sizeof names[0], (size_t)value);
}

const char *chat_class_name(enum chat_class value)
{
    /* clang-format off */
    static const char *const names[] = {
        [CHAT_COMMAND] = "command",
        [CHAT_REPLY]   = "reply",
        [CHAT_NOTICE]  = "notice",
        [CHAT_MESSAGE] = "message",
        [CHAT_UNKNOWN] = "unknown",
    };
    /* clang-format on */
    return name_at(names, sizeof names / sizeof names[0], (size_t)value);
}

const char *dialog_kind_name(enum dialog_kind value)
{
    /* clang-format off */
    static const char *const names[] = {
        [DIALOG_INVITE]    = "invite",
        [DIALOG_SUBSCRIBE] = "subscribe",
        [DIALOG_REGISTER]  = "register",
        [DIALOG_PUBLISH]   = "publish",
        [DIALOG_SERVICE]   = "service",
        [DIALOG_MESSAGE]   = "message",
        [DIALOG_OPTIONS]   = "options",
        [DIALOG_NEGOTIATE] = "negotiate",
        [DIALOG_OTHER]     = "other",
    };
    /* clang-format on */
    return name_at(names, sizeof names / sizeof names[0], (size_t)value);
}

const char *dialog_state_name(enum dialog_state value)
{
    /* clang-format off */
    static const char *const names[] = {
        [DIALOG_TRYING]     = "trying",
        [DIALOG_EARLY]      = "early",
        [DIALOG_CONFIRMED]  = "confirmed",
        [DIALOG_TERMINATED] = "terminated",
        [DIALOG_REFUSED]    = "refused",
        [DIALOG_UNFINISHED] = "unfinished",
    };
    /* clang-format on */
    return name_at(names, sizeof names / sizeof names[0], (size_t)value);
}

const char *dialog_service_name(enum dialog_service value)
{
    /* clang-format off */
    static const char *const names[] = {
        [SERVICE_NONE]        = "",
        [SERVICE_CHAT_LOOKUP] = "chat-lookup",
        [SERVICE_CHAT]        = "chat",
        [SERVICE_IM]          = "im",
        [SERVICE_AUDIO_VIDEO] = "audio-video",
        [SERVICE_CONFERENCE]  = "conference",
    };
    /* clang-format on */
    return name_at(names, sizeof names / sizeof names[0], (size_t)value);
}

const char *dialog_mode_name(enum dialog_mode value)
{
    /* clang-format off */
    static const char *const names[] = {
        [DIALOG_MODE_NONE]  = "",
        [DIALOG_PERSISTENT] = "persistent",
        [DIALOG_POLLING]    = "polling",
        [DIALOG_QUERY]      = "query",
    };
    /* clang-format on */
    return name_at(names, sizeof names / sizeof names[0], (size_t)value);
}

const char *coverage_kind_name(enum coverage_kind value)
{
    /* clang-format off */
    static const char *const names[] = {
        [COVERAGE_COMPRESSED] = "coverage-compressed",
        [COVERAGE_ENCRYPTED]  = "coverage-encrypted",
        [COVERAGE_GAP]        = "coverage-gap",
        [COVERAGE_TRUNCATED]  = "coverage-truncated",
        [COVERAGE_ONE_SIDED]  = "coverage-one-sided",
        [COVERAGE_NO_SIP]     = "coverage-no-sip",
        [COVERAGE_CLOCK]      = "coverage-clock",
        [COVERAGE_CAP]        = "coverage-cap",
    };
    /* clang-format on */
    return name_at(names, sizeof names / sizeof names[0], (size_t)value);
}

const char *change_kind_name(enum change_kind value)
{
    /* clang-format off */
    static const char *const names[] = {
        [CHANGE_PRESENCE]     = "presence",
        [CHANGE_ENDPOINT]     = "endpoint",
        [CHANGE_PUBLICATION]  = "publication",
        [CHANGE_AGGREGATE]    = "aggregate",
        [CHANGE_TOLD]         = "told",
        [CHANGE_SUBSCRIPTION] = "subscription",
        [CHANGE_SESSION]      = "session",
        [CHANGE_ROOM]         = "room",
        [CHANGE_MEMBERSHIP]   = "membership",
        [CHANGE_ROSTER]       = "roster",
        [CHANGE_COMMAND]      = "command",
        [CHANGE_POST]         = "post",
        [CHANGE_PARTICIPANT]  = "participant",
        [CHANGE_FOLLOW]       = "follow",
        [CHANGE_FILE]         = "file",
    };
    /* clang-format on */
    return name_at(names, sizeof names / sizeof names[0], (size_t)value);
}

const char *presence_source_name(enum presence_source value)
{
    /* clang-format off */
    static const char *const names[] = {
        [SOURCE_NONE]      = "none",
        [SOURCE_AGGREGATE] = "aggregate",
        [SOURCE_COMPUTED]  = "computed",
        [SOURCE_PIDF]      = "pidf",
        [SOURCE_LEGACY]    = "legacy",
        [SOURCE_NOTIFIED]  = "notified",
        [SOURCE_DATABASE]  = "database",
    };
    /* clang-format on */
    return name_at(names, sizeof names / sizeof names[0], (size_t)value);
}

const char *endpoint_state_name(enum endpoint_state value)
{
    /* clang-format off */
    static const char *const names[] = {
        [ENDPOINT_REGISTERED]   = "registered",
        [ENDPOINT_REFRESHED]    = "refreshed",
        [ENDPOINT_UNREGISTERED] = "unregistered",
        [ENDPOINT_EXPIRED]      = "expired",
    };
    /* clang-format on */
    return name_at(names, sizeof names / sizeof names[0], (size_t)value);
}

const char *publication_state_name(enum publication_state value)
{
    /* clang-format off */
    static const char *const names[] = {
        [PUBLICATION_REQUESTED] = "requested",
        [PUBLICATION_LIVE]      = "live",
        [PUBLICATION_REFRESHED] = "refreshed",
        [PUBLICATION_MODIFIED]  = "modified",
        [PUBLICATION_REMOVED]   = "removed",
        [PUBLICATION_EXPIRED]   = "expired",
        [PUBLICATION_ENDED]     = "ended",
        [PUBLICATION_REFUSED]   = "refused",
        [PUBLICATION_CONFLICT]  = "conflict",
    };
    /* clang-format on */
    return name_at(names, sizeof names / sizeof names[0], (size_t)value);
}

const char *aggregate_step_name(enum aggregate_step value)
{
    /* clang-format off */
    static const char *const names[] = {
        [STEP_NONE]        = "nothing",
        [STEP_NO_ENDPOINT] = "no endpoint is registered",
        [STEP_USER_STATE]  = "the user's own choice",
        [STEP_ASSUMED]     = "no user state was seen: Available is assumed",
        [STEP_MACHINE]     = "the most active machine is newer and less available",
        [STEP_PHONE]       = "a call is newer and less available",
        [STEP_CONFERENCE]  = "a conference is newer and less available",
        [STEP_CALENDAR]    = "a meeting is newer and less available",
        [STEP_BUSY_IDLE]   = "busy at an inactive machine",
    };
    /* clang-format on */
    return name_at(names, sizeof names / sizeof names[0], (size_t)value);
}

const char *input_verdict_name(enum input_verdict value)
{
    /* clang-format off */
    static const char *const names[] = {
        [INPUT_DECIDED]       = "decided",
        [INPUT_COUNTED]       = "counted",
        [INPUT_OLDER]         = "older than the user's choice",
        [INPUT_OTHER_MACHINE] = "not the most active machine",
        [INPUT_SUPERSEDED]    = "superseded",
        [INPUT_NO_NUMBER]     = "no availability",
    };
    /* clang-format on */
    return name_at(names, sizeof names / sizeof names[0], (size_t)value);
}

const char *subscription_state_name(enum subscription_state value)
{
    /* clang-format off */
    static const char *const names[] = {
        [SUBSCRIPTION_REQUESTED]  = "requested",
        [SUBSCRIPTION_ACTIVE]     = "active",
        [SUBSCRIPTION_REFRESHED]  = "refreshed",
        [SUBSCRIPTION_TERMINATED] = "terminated",
        [SUBSCRIPTION_LAPSED]     = "lapsed",
        [SUBSCRIPTION_REFUSED]    = "refused",
    };
    /* clang-format on */
    return name_at(names, sizeof names / sizeof names[0], (size_t)value);
}

const char *session_state_name(enum session_state value)
{
    /* clang-format off */
    static const char *const names[] = {
        [SESSION_UNKNOWN]   = "unknown",
        [SESSION_INVITING]  = "inviting",
        [SESSION_CONNECTED] = "connected",
        [SESSION_STALE]     = "stale",
        [SESSION_CLOSED]    = "closed",
        [SESSION_REFUSED]   = "refused",
    };
    /* clang-format on */
    return name_at(names, sizeof names / sizeof names[0], (size_t)value);
}

const char *membership_state_name(enum membership_state value)
{
    /* clang-format off */
    static const char *const names[] = {
        [MEMBER_NONE]    = "none",
        [MEMBER_JOINING] = "joining",
        [MEMBER_JOINED]  = "joined",
        [MEMBER_LEAVING] = "leaving",
        [MEMBER_FAILED]  = "failed",
        [MEMBER_UNKNOWN] = "unknown",
    };
    /* clang-format on */
    return name_at(names, sizeof names / sizeof names[0], (size_t)value);
}

const char *command_state_name(enum command_state value)
{
    /* clang-format off */
    static const char *const names[] = {
        [COMMAND_SENT]      = "sent",
        [COMMAND_ACCEPTED]  = "accepted",
        [COMMAND_REFUSED]   = "refused",
        [COMMAND_ANSWERED]  = "answered",
        [COMMAND_FAILED]    = "failed",
        [COMMAND_UNMATCHED] = "unmatched",
        [COMMAND_ABANDONED] = "abandoned",
        [COMMAND_REPEATED]  = "repeated",
        [COMMAND_MISPLACED] = "misplaced",
    };
    /* clang-format on */
    return name_at(names, sizeof names / sizeof names[0], (size_t)value);
}

const char *post_state_name(enum post_state value)
{
    /* clang-format off */
    static const char *const names[] = {
        [POST_SENT]      = "sent",
        [POST_ACCEPTED]  = "accepted",
        [POST_REFUSED]   = "refused",
        [POST_DELIVERED] = "delivered",
        [POST_DUPLICATE] = "duplicate",
        [POST_HISTORY]   = "history",
        [POST_ABANDONED] = "abandoned",
    };
    /* clang-format on */
    return name_at(names, sizeof names / sizeof names[0], (size_t)value);
}

const char *room_source_name(enum room_source value)
{
    /* clang-format off */
    static const char *const names[] = {
        [ROOM_TOLD]     = "told",
        [ROOM_CREATED]  = "created",
        [ROOM_MODIFIED] = "modified",
        [ROOM_REMOVED]  = "removed",
        [ROOM_ENDED]    = "ended",
    };
    /* clang-format on */
    return name_at(names, sizeof names / sizeof names[0], (size_t)value);
}

const char *file_state_name(enum file_state value)
{
    /* clang-format off */
    static const char *const names[] = {
        [FILE_ASKED]     = "asked",
        [FILE_PERMITTED] = "permitted",
        [FILE_DENIED]    = "denied",
        [FILE_NAMED]     = "named",
        [FILE_CARRIED]   = "carried",
        [FILE_COMPLETE]  = "complete",
        [FILE_POSTED]    = "posted",
    };
    /* clang-format on */
    return name_at(names, sizeof names / sizeof names[0], (size_t)value);
}

const char *preference_coding_name(enum preference_coding value)
{
    /* clang-format off */
    static const char *const names[] = {
        [PREFERENCE_NONE]       = "none",
        [PREFERENCE_BYTES]      = "bytes",
        [PREFERENCE_TEXT]       = "text",
        [PREFERENCE_GZIP]       = "gzip",
        [PREFERENCE_ZLIB]       = "zlib",
        [PREFERENCE_NOT_BASE64] = "not Base64",
    };
    /* clang-format on */
    return name_at(names, sizeof names / sizeof names[0], (size_t)value);
}

const char *http_call_name(enum http_call value)
{
    /* clang-format off */
    static const char *const names[] = {
        [HTTP_OTHER]          = "other",
        [HTTP_UNIQUE_NAME]    = "RequestUniqueFilenameWithExtension",
        [HTTP_FILE_LIMIT]     = "GetMaxFileSizeInKB",
        [HTTP_CHUNK_LIMIT]    = "GetMaxRequestContentInKB",
        [HTTP_APPEND_CHUNK]   = "AppendChunk",
        [HTTP_FILE_SIZE]      = "GetFileSize",
        [HTTP_DOWNLOAD_CHUNK] = "DownloadChunk",
        [HTTP_ROOM_PAGE]      = "Landing",
        [HTTP_ROOM_CREATE]    = "CreateRoom",
        [HTTP_ROOM_MODIFY]    = "ModifyRoom",
    };
    /* clang-format on */
    return name_at(names, sizeof names / sizeof names[0], (size_t)value);
}

const char *severity_name(enum severity value)
{
    /* clang-format off */
    static const char *const names[] = {
        [SEVERITY_NOTE]    = "note",
        [SEVERITY_WARNING] = "warning",
        [SEVERITY_ERROR]   = "error",
    };
    /* clang-format on */
    return name_at(names, sizeof names / sizeof names[0], (size_t)value);
}

const char *skip_reason_name(enum skip_reason value)
{
    /* clang-format off */
    static const char *const names[] = {
        [SKIP_LINK]         = "link",
        [SKIP_PROTOCOL]     = "protocol",
        [SKIP_SCTP]         = "sctp",
        [SKIP_SHORT]        = "short",
        [SKIP_BAD_HEADER]   = "bad-header",
        [SKIP_FRAGMENT]     = "fragment",
        [SKIP_TUNNEL_DEPTH] = "tunnel-depth",
        [SKIP_FILTERED]     = "filtered",
        [SKIP_EMPTY]        = "empty",
    };
    /* clang-format on */
    return name_at(names, sizeof names / sizeof names[0], (size_t)value);
}

const char *coverage_verdict_name(enum coverage_verdict value)
{
    /* clang-format off */
    static const char *const names[] = {
        [COVERAGE_NONE]    = "none",
        [COVERAGE_PARTIAL] = "partial",
        [COVERAGE_FULL]    = "full",
    };
    /* clang-format on */
    return name_at(names, sizeof names / sizeof names[0], (size_t)value);
}

const char *flow_outcome_name(enum flow_outcome value)
{
    /* clang-format off */
    static const char *const names[] = {
        [FLOW_COMPLETE]    = "complete",
        [FLOW_INCOMPLETE]  = "incomplete",
        [FLOW_IN_PROGRESS] = "in-progress",
        [FLOW_JOINED]      = "joined-in-progress",
    };
    /* clang-format on */
    return name_at(names, sizeof names / sizeof names[0], (size_t)value);
}

const char *flow_step_outcome_name(enum flow_step_outcome value)
{
    /* clang-format off */
    static const char *const names[] = {
        [FLOW_STEP_SEEN]      = "seen",
        [FLOW_STEP_MISSING]   = "missing",
        [FLOW_STEP_MISPLACED] = "misplaced",
        [FLOW_STEP_ABSENT]    = "optional-absent",
        [FLOW_STEP_UNTOLD]    = "not-observable",
        [FLOW_STEP_PENDING]   = "pending",
    };
    /* clang-format on */
    return name_at(names, sizeof names / sizeof names[0], (size_t)value);
}

const char *live_note_name(enum live_note_kind value)
{
    /* clang-format off */
    static const char *const names[] = {
        [LIVE_NO_ENDPOINT] = "endpoint-not-registered",
        [LIVE_EXPIRED]     = "expired",
        [LIVE_OLDER]       = "older",
        [LIVE_DOUBLED]     = "doubled",
        [LIVE_EMPTY]       = "empty",
        [LIVE_UNREADABLE]  = "unreadable",
        [LIVE_STATIC]      = "static",
        [LIVE_TOO_BIG]     = "too-big",
    };
    /* clang-format on */
    return name_at(names, sizeof names / sizeof names[0], (size_t)value);
}
