/*
 * The table of the reports. See db_reports.h. Meanings of numbers: databases.md 2.1 and 8.4.
 */
#include "analyzer/db_reports.h"

#include "analyzer/db_merge.h"

/* clang-format off */

/* ---- numbers ---- */

static const struct db_word admissions[] = {
    {1, "invited"}, {2, "organisation"}, {3, "anyone"}, {0, NULL},
};
static const struct db_word promotions[] = {
    {0, "scheduled presenters"}, {1, "organisation"}, {2, "anyone"}, {0, NULL},
};
static const struct db_word behaviors[] = {
    {4, "normal"}, {5, "auditorium"}, {0, NULL},
};
static const struct db_word visibilities[] = {
    {2, "private"}, {3, "scoped"}, {6, "open"}, {0, NULL},
};
static const struct db_word principals[] = {
    {4, "system user"}, {5, "user"}, {8, "DC"}, {9, "group"}, {10, "folder"}, {0, NULL},
};
static const struct db_word states_of_principals[] = {
    {0, "active"}, {1, "SIP disabled"}, {2, "AD object deleted"}, {0, NULL},
};
static const struct db_word compliance_types[] = {
    {1, "chat"}, {2, "back-chat"}, {3, "download"}, {4, "upload"}, {9, "provisional transfer"},
    {10, "deletion with replace"}, {11, "purge"}, {0, NULL},
};
static const struct db_word lock_holders[] = {
    {-1, "nobody"}, {0, NULL},
};
static const struct db_word orphan_findings[] = {
    {1, "no registration"}, {2, "expired"}, {3, "expired, no registration"},
    {4, "owner missing"}, {5, "endpoint row missing"}, {6, "owner and endpoint row missing"},
    {0, NULL},
};

/* ---- columns ---- */

#define WORDS(list) .form = DB_WORD, .words = list
#define COUNT(rows) (rows), sizeof(rows) / sizeof((rows)[0])

static const struct db_field online[] = {
    {{"user", "user", 1}, .source = "UserAtHost"},
    {{"endpoint", NULL, 2}, .source = "EndpointId", .is_key = true},
    {{"version", "client", 0}, .source = "ClientApp", .form = DB_VERSION},
    {{"agent", "user agent", 0}, .source = "ClientApp", .form = DB_AGENT},
    {{"address", "address", 0}, .source = "SipCallId", .form = DB_ADDRESS},
    {{"front_end", "front end", 0}, .source = "Fqdn"},
    {{"server_source", NULL, 0}, .source = "IsServerSource", .form = DB_TRUTH},
    {{"expires", "expires", 0}, .source = "ExpiresAt"},
};

static const struct db_field clients[] = {
    {{"version", "client", 3}, .form = DB_MADE},
    {{"agent", "user agent", 4}, .form = DB_MADE},
    {{"endpoints", "endpoints", -1}, .form = DB_MADE},
    {{"users", "users", -2}, .form = DB_MADE},
};

static const struct db_field documents[] = {
    {{"user", "user", 1}, .source = "UserAtHost", .is_key = true},
    {{"container", "container", 2}, .source = "ContainerNum", .is_key = true},
    {{"category", "category", 4}, .source = "Category", .form = DB_CATEGORY, .is_key = true},
    {{"kind", "kind", 0}, .source = "Data", .form = DB_KIND},
    {{"instance", NULL, 5}, .source = "InstanceNum", .is_key = true},
    {{"endpoint", NULL, 6}, .source = "EndpointId", .is_key = true},
    {{"version", NULL, 0}, .source = "Version"},
    {{"published", "published", -3}, .source = "LastPubTime", .is_key = true},
    {{"expires", "expires", 0}, .source = "ExpiresAt"},
    {{"availability", NULL, 0}, .source = "Data", .form = DB_AVAILABILITY},
    {{"band", "band", 0}, .source = "Data", .form = DB_BAND},
    {{"bytes", "bytes", 0}, .source = "Data", .form = DB_SIZE, .is_key = true},
};

static const struct db_field statics[] = {
    {{"user", "user", 1}, .source = "UserAtHost", .is_key = true},
    {{"category", "category", 2}, .source = "Category", .form = DB_CATEGORY},
    {{"category_id", NULL, 3}, .source = "CategoryId", .is_key = true},
    {{"container", "container", 4}, .source = "ContainerNum", .is_key = true},
    {{"instance", NULL, 5}, .source = "InstanceNum", .is_key = true},
    {{"version", "version", 0}, .source = "Version"},
    {{"published", "published", 0}, .source = "LastPubTime"},
    {{"kind", NULL, 0}, .source = "Data", .form = DB_KIND},
    {{"availability", NULL, 0}, .source = "Data", .form = DB_AVAILABILITY},
    {{"band", "band", 0}, .source = "Data", .form = DB_BAND},
    {{"bytes", "bytes", 0}, .source = "Bytes"},
};

static const struct db_field watchers[] = {
    {{"user", "user", 1}, .source = "UserAtHost", .is_key = true},
    {{"watcher", "has the user as contact", 2}, .source = "Watcher", .is_key = true},
    {{"subscribes", "subscribes", 0}, .source = "SubscribePresence", .form = DB_TRUTH},
};

static const struct db_field popularity[] = {
    {{"user", "user", 2}, .source = "UserAtHost"},
    {{"watchers", "watchers", -1}, .source = "Watchers"},
    {{"over_default", "over 200", 0}, .form = DB_MADE},
};

static const struct db_field subscriptions[] = {
    {{"user", "user", 1}, .source = "UserAtHost", .is_key = true},
    {{"watcher", "watcher", 2}, .source = "Watcher", .is_key = true},
    {{"category", "category", 3}, .source = "Category", .is_key = true},
    {{"category_id", NULL, 4}, .source = "CategoryId", .is_key = true},
    {{"expires", "expires", 0}, .source = "ExpiresAt", .is_key = true},
};

static const struct db_field containers[] = {
    {{"user", "user", 1}, .source = "UserAtHost", .is_key = true},
    {{"container", "container", 2}, .source = "ContainerNum", .is_key = true},
    {{"member_type", "member type", 3}, .source = "MemberType", .is_key = true},
    {{"member", "member", 4}, .source = "MemberValue", .is_key = true},
};

static const struct db_field stale[] = {
    {{"user", "user", 2}, .source = "UserAtHost"},
    {{"container", "container", 3}, .source = "ContainerNum"},
    {{"published", "published", 1}, .source = "LastPubTime"},
    {{"no_registration", "not registered", 0}, .source = "NoRegistration", .form = DB_TRUTH},
    {{"old", "older than the limit", 0}, .source = "Old", .form = DB_TRUTH},
};

static const struct db_field orphans[] = {
    {{"endpoint", "endpoint", 1}, .source = "EndpointId", .is_key = true},
    {{"owner_id", "owner", 0}, .source = "OwnerId"},
    {{"user", "user", 0}, .source = "UserAtHost"},
    {{"expires", "expires", 0}, .source = "ExpiresAt"},
    {{"finding", "finding", 2}, .source = "Finding", WORDS(orphan_findings), .is_key = true},
};

static const struct db_field frontends[] = {
    {{"user", "user", 1}, .source = "UserAtHost", .is_key = true},
    {{"front_end", "primary front end", 2}, .source = "Fqdn", .is_key = true},
    {{"routing_group", "routing group", 3}, .source = "RoutingGroupName", .is_key = true},
    {{"routing_group_id", NULL, 0}, .source = "RoutingGroupId", .is_key = true},
    {{"disagree", "front ends disagree", 0}, .form = DB_MADE},
};

static const struct db_field conferences[] = {
    {{"conference", "conference", 1}, .source = "ConfId", .is_key = true},
    {{"external_id", "external id", 0}, .source = "ExternalConfId"},
    {{"organizer", "organizer", 0}, .source = "Organizer"},
    {{"locked", "locked", 0}, .source = "Locked", .form = DB_TRUTH},
    {{"admission", "admission", 0}, .source = "AdmissionType", WORDS(admissions)},
    {{"presenters", NULL, 0}, .source = "AutoPromote", WORDS(promotions)},
    {{"pstn_lobby_bypass", NULL, 0}, .source = "PstnLobbyBypass", .form = DB_TRUTH},
    {{"large", NULL, 0}, .source = "IsLargeMeeting", .form = DB_TRUTH},
    {{"last_leave", NULL, 0}, .source = "LastEnterprisePartLeaveTime"},
    {{"participant", "participant", 2}, .source = "UserAtHost", .is_key = true},
    {{"joined", "joined", 3}, .source = "JoinTime", .is_key = true},
    {{"enterprise_id", NULL, 0}, .source = "EnterpriseId"},
};

static const struct db_field duplicate_numbers[] = {
    {{"number", "number", 1}, .source = "PhoneNum", .is_key = true},
    {{"user", "user", 2}, .source = "UserAtHost", .is_key = true},
};

static const struct db_field rooms[] = {
    {{"room", "room", 1}, .source = "nodeName"},
    {{"node", "node", 2}, .source = "nodeID", .is_key = true},
    {{"category", "category", 0}, .source = "Category"},
    {{"disabled", "disabled", 0}, .source = "disabled", .form = DB_TRUTH},
    {{"behavior", "behavior", 0}, .source = "behavior", WORDS(behaviors)},
    {{"visibility", "visible", 0}, .source = "visibility", WORDS(visibilities)},
    {{"messages", "messages", 0}, .source = "Messages"},
    {{"last_message", "last message", 0}, .source = "LastTicks", .form = DB_TICKS},
};

static const struct db_field members[] = {
    {{"room", "room", 1}, .source = "nodeName"},
    {{"node", NULL, 2}, .source = "nodeID", .is_key = true},
    {{"role", "role", 3}, .source = "rtypeDesc", .is_key = true},
    {{"granted_to", "granted to", 5}, .source = "GrantedTo", .is_key = true},
    {{"granted_type", "which is", 0}, .source = "GrantedType", WORDS(principals)},
    {{"user", "so has it", 4}, .source = "EffectiveUser", .is_key = true},
    {{"state", "state", 0}, .source = "prinDisabled", WORDS(states_of_principals)},
};

static const struct db_field compliance[] = {
    {{"event", "event", 1}, .source = "cmplEventID", .is_key = true},
    {{"type", "type", 0}, .source = "cmplType", WORDS(compliance_types)},
    {{"time", "time", 0}, .source = "cmplTime", .form = DB_TICKS},
    {{"entered", NULL, 0}, .source = "entryDate"},
    {{"room", "room", 0}, .source = "cmplChannelUri"},
    {{"user", "user", 0}, .source = "cmplUserUri"},
    {{"servers_done", "servers done", 0}, .source = "ServersDone"},
};

static const struct db_field compliance_lag[] = {
    {{"last_processed", "last processed", 1}, .source = "lastProcessedEntryID"},
    {{"newest", "newest event", 0}, .source = "NewestEvent"},
    {{"behind", "behind", 0}, .form = DB_MADE},
    {{"lock", "lock held by", 0}, .source = "activeServerID", WORDS(lock_holders)},
    {{"lock_expires", "lock expires", 0}, .source = "lockExpirationTime"},
};

static const struct db_field participants[] = {
    {{"room", "room", 1}, .source = "channelUri", .is_key = true},
    {{"user", "user", 2}, .source = "userUri", .is_key = true},
    {{"joined", "joined", 3}, .source = "joinedAt", .form = DB_TICKS, .is_key = true},
    {{"server_id", "chat server", 0}, .source = "serverID"},
    {{"session", "session", 0}, .source = "sessionId"},
};

static const struct db_field silent_servers[] = {
    {{"server_id", "chat server", 1}, .source = "serverID", .is_key = true},
    {{"address", "address", 0}, .source = "serverAddress"},
    {{"last_ping", "last ping", 0}, .source = "serverLastPingTime"},
};

/* ---- reports ---- */

static const struct db_report rows[] = {
    {"online", "who is registered, where, and with which client", "rtcdyn, rtc", DB_SEEN,
     DB_TAKES_USER, 0, {"live/online"}, COUNT(online), DB_APART, NULL, NULL, NULL},
    {"clients", "clients by version, with their endpoints and users", "rtcdyn, rtc", DB_SEEN,
     0, 0, {"live/clients"}, COUNT(clients), DB_EVERY, db_gather_clients, NULL, NULL},
    {"documents", "published presence documents, container by container", "rtcdyn, rtc", DB_SEEN,
     DB_TAKES_USER, 0, {"live/documents"}, COUNT(documents), DB_APART, NULL, NULL, NULL},
    {"static", "static publications, the newest version of each", "rtc", DB_SEEN,
     DB_TAKES_USER, 0, {"live/static"}, COUNT(statics), DB_NEWEST, NULL, NULL, NULL},
    {"watchers", "who has a user as contact: a bound on who watches", "rtc", DB_SEEN,
     DB_TAKES_USER, 0, {"live/watchers"}, COUNT(watchers), DB_ONCE, NULL, NULL, NULL},
    {"popularity", "how many have a user as contact, against the default limit of 200 watchers",
     "rtc", DB_SEEN, DB_TAKES_USER, 0, {"live/popularity"}, COUNT(popularity), DB_EVERY,
     db_gather_popularity, db_finish_popularity, NULL},
    {"subscriptions", "live subscriptions", "rtcdyn, rtc", DB_UNPROVEN,
     DB_TAKES_USER, 0, {"live/subscriptions"}, COUNT(subscriptions), DB_APART, NULL, NULL, NULL},
    {"containers", "whom a user has put into which container", "rtc", DB_UNPROVEN,
     DB_TAKES_USER, 0, {"live/containers"}, COUNT(containers), DB_ONCE, NULL, NULL, NULL},
    {"stale", "publications of users who are not registered, or older than a limit",
     "rtcdyn, rtc", DB_SEEN, DB_TAKES_USER | DB_TAKES_NOW | DB_TAKES_LIMIT, 86400, {"live/stale"},
     COUNT(stale), DB_EVERY, NULL, db_finish_stale,
     "A user can be registered with a front end that was not asked: name all of the pool."},
    {"orphans", "endpoints that expired or lack their registration, owner or row", "rtcdyn, rtc",
     DB_SEEN, DB_TAKES_NOW, 0, {"live/orphans_endpoints", "live/orphans_registrations"},
     COUNT(orphans), DB_APART, NULL, NULL, NULL},
    {"frontends", "the primary front end of each user, and where front ends disagree", "rtc",
     DB_SEEN, DB_TAKES_USER, 0, {"live/frontends"}, COUNT(frontends), DB_EVERY, NULL,
     db_finish_frontends, NULL},
    {"conferences", "running conferences and who is in them", "rtcdyn, rtc", DB_SEEN,
     0, 0, {"live/conferences"}, COUNT(conferences), DB_APART, NULL, NULL, NULL},
    {"duplicate-numbers", "phone numbers that several users have", "rtc", DB_SEEN,
     0, 0, {"live/duplicate_numbers"}, COUNT(duplicate_numbers), DB_ONCE, NULL, NULL, NULL},
    {"rooms", "chat rooms with their settings and activity", "mgc", DB_SEEN,
     DB_TAKES_ROOM, 0, {"live/rooms"}, COUNT(rooms), DB_APART, NULL, NULL, NULL},
    {"members", "explicit and effective members of chat rooms", "mgc", DB_SEEN,
     DB_TAKES_ROOM, 0, {"live/members"}, COUNT(members), DB_APART, NULL, NULL, NULL},
    {"compliance", "compliance events that are still kept, and how many servers handled each",
     "mgccomp", DB_SEEN, DB_TAKES_ROOM, 0, {"live/compliance"}, COUNT(compliance), DB_APART, NULL,
     NULL, NULL},
    {"compliance-lag", "how far the compliance adapter is behind the newest event", "mgccomp",
     DB_SEEN, 0, 0, {"live/compliance_lag"}, COUNT(compliance_lag), DB_EVERY, NULL, db_finish_lag,
     NULL},
    {"participants", "participants of chat rooms whose chat server is not listed any more",
     "mgccomp, mgc", DB_SEEN, DB_TAKES_ROOM, 0, {"live/participants"}, COUNT(participants),
     DB_APART, db_gather_participants, NULL, NULL},
    {"silent-servers", "chat servers that have not pinged for a while", "mgc", DB_SEEN,
     DB_TAKES_NOW | DB_TAKES_LIMIT, 300, {"live/silent_servers"}, COUNT(silent_servers), DB_APART,
     NULL, NULL, NULL},
};
/* clang-format on */

const struct db_report *db_reports(size_t *count)
{
    *count = sizeof rows / sizeof rows[0];
    return rows;
}

const struct db_report *db_report_find(struct slice name)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (slice_equal(slice_of(rows[i].name), name)) {
            return &rows[i];
        }
    }
    return NULL;
}
