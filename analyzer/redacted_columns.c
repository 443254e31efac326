/*
 * What stands in which column. See redacted_columns.h.
 */
#include "analyzer/redacted_columns.h"

struct content_row {
    const char *column; /* as the statement's AS says: mostly its own name */
    enum column_content content;
};

/* clang-format off */
static const struct content_row columns[] = {
    /* rtc and rtcdyn */
    {"UserAtHost",         CONTENT_USER},
    {"UserPrincipalName",  CONTENT_USER},
    {"SmtpUserAtHost",     CONTENT_USER},
    {"Watcher",            CONTENT_USER},
    {"Organizer",          CONTENT_USER},
    {"AdDisplayName",      CONTENT_NAME},
    {"DisplayName",        CONTENT_GROUP},
    {"PhoneNum",           CONTENT_ID},
    {"Name",               CONTENT_WORD},
    {"Category",           CONTENT_WORD},
    {"Fqdn",               CONTENT_HOST},
    {"RoutingGroupName",   CONTENT_ID},
    {"ExternalConfId",     CONTENT_ID},
    {"ExternalUri",        CONTENT_URI},
    {"MemberType",         CONTENT_WORD},
    {"MemberValue",        CONTENT_MEMBER},
    {"EndpointId",         CONTENT_ID},
    {"ClientApp",          CONTENT_AGENT},
    {"SipCallId",          CONTENT_CALL},
    {"SipHeaderFrom",      CONTENT_FROM},
    {"Data",               CONTENT_DOCUMENT},
    /* mgc */
    {"prinUri",            CONTENT_URI},
    {"GrantedTo",          CONTENT_URI},
    {"EffectiveUser",      CONTENT_URI},
    {"prinName",           CONTENT_NAME},
    {"prinDisplayName",    CONTENT_NAME},
    {"prinCompanyName",    CONTENT_NAME},
    {"prinEmail",          CONTENT_USER},
    {"prinADUserPrincipalName", CONTENT_USER},
    {"ptypeDesc",          CONTENT_PLAIN},
    {"attributeName",      CONTENT_PLAIN},
    {"attributeValue",     CONTENT_PLAIN},
    {"rtypeDesc",          CONTENT_PLAIN},
    {"nodeName",           CONTENT_ROOM},
    {"nodeDesc",           CONTENT_NAME},
    {"content",            CONTENT_CHAT},
    {"serverAddress",      CONTENT_ADDRESS},
    /* mgccomp */
    {"cmplChannelUri",     CONTENT_URI},
    {"channelUri",         CONTENT_URI},
    {"cmplUserUri",        CONTENT_URI},
    {"userUri",            CONTENT_URI},
    {"cmplMessage",        CONTENT_CHAT},
};
/* clang-format on */

static bool is(const char *text, const char *other)
{
    return slice_equal_nocase(slice_of(text), slice_of(other));
}

bool column_content_none(const struct query *query)
{
    return is(query->statement, "live/columns") || is(query->statement, "snapshot/columns");
}

enum column_content column_content_of(const struct query *query, const struct peer_row *row,
                                      size_t index)
{
    const char *name = row->names[index];
    if (is(name, "Category") && is(query->statement, "live/rooms")) {
        return CONTENT_ROOM; /* the folder that the room is in */
    }
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        if (is(name, columns[i].column)) {
            return columns[i].content;
        }
    }
    return CONTENT_UNKNOWN;
}
