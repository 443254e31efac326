/*
 * Which tables a snapshot keeps. See snapshot_tables.h.
 */
#include "sql/snapshot_tables.h"

/* clang-format off */
const struct kept_table kept_tables[] = {
    {"rtc.Resource", {"ResourceId"}, NULL, NULL},
    {"rtc.ResourceDirectory", {"ResourceId"}, NULL, NULL},
    {"rtc.ResourcePhone", {"ResourceId", "PhoneNum"}, NULL, NULL},
    {"rtc.CategoryDef", {"CategoryId"}, NULL, NULL},
    {"rtc.PublishedStaticInstance", {"PublisherId", "CategoryId", "ContainerNum", "InstanceNum"},
     NULL, NULL},
    {"rtc.Contact", {"OwnerId", "BuddyId"}, NULL, NULL},
    {"rtc.ContactGroup", {"OwnerId", "GroupNumber"}, NULL, NULL},
    {"rtc.ContactGroupAssoc", {"OwnerId", "BuddyId", "GroupNumber"}, NULL, NULL},
    {"rtc.FrontEnd", {"FrontEndId"}, NULL, NULL},
    {"rtc.RoutingGroupAssignment", {"RoutingGroupId", "FrontEndId"}, NULL, NULL},
    {"rtc.Conference", {"ConfId", "OrganizerId", "ExternalConfId"}, NULL, NULL},
    {"rtc.Container", {"OwnerId", "ContainerNum"}, NULL, NULL},
    {"rtc.ContainerMember", {"OwnerId", "ContainerNum", "MemberType", "MemberValue"}, NULL, NULL},
    {"rtc.PromptedSubscriber", {"OwnerId", "SubscriberId"}, NULL, NULL},
    {"rtcdyn.PublishedInstance",
     {"PublisherId", "ContainerNum", "CategoryId", "InstanceNum", "EndpointId"}, NULL, NULL},
    {"rtcdyn.Endpoint", {"EndpointId"}, NULL, NULL},
    {"rtcdyn.RegistrarEndpoint", {"EndpointId", "OwnerId"}, NULL, NULL},
    {"rtcdyn.Registrar", {"RegistrarId"}, NULL, NULL},
    {"rtcdyn.HomedResourceDynamic", {"OwnerId"}, NULL, NULL},
    {"rtcdyn.ActiveConference", {"ConfId"}, NULL, NULL},
    {"rtcdyn.Participant", {"ConfId", "UserAtHost", "JoinTime"}, NULL, NULL},
    {"rtcdyn.Subscription", {"SubscriberId", "PublisherId", "CategoryId"}, NULL, NULL},
    {"mgc.tblPrincipalType", {"ptypeID"}, NULL, NULL},
    {"mgc.tblPrincipal", {"prinID"}, NULL, NULL},
    {"mgc.tblPrincipalAffiliations", {"principalID", "index", "affiliationID"}, NULL, NULL},
    {"mgc.tblEnumAttribute", {"attributeID"}, NULL, NULL},
    {"mgc.tblEnumValue", {"valueID"}, NULL, NULL},
    {"mgc.tblNode", {"nodeID"}, NULL, NULL},
    {"mgc.tblRoleType", {"rtypeID"}, NULL, NULL},
    {"mgc.tblPrincipalRole", {"prinRoleNodeID", "prinRolePrinID", "prinRoleTypeID"}, NULL, NULL},
    {"mgc.tblScopePrincipal", {"scopeNodeID", "scopePrinID"}, NULL, NULL},
    {"mgc.tblChat", {"channelId", "chatId"}, "rtf", "the text of column content once more, as markup"},
    {"mgc.tblLastChatId", {"nodeID", "lastChatID"}, NULL, NULL},
    {"mgc.tblPrincipalInvites", {"prinID", "nodeID"}, NULL, NULL},
    {"mgc.tblFileToken", {"fileToken", "fileTokenUserID", "fileTokenChannelID", "fileTokenExpireDate"},
     "fileToken", "whoever has it may load the file"},
    {"mgc.tblServerIdentity", {"serverID"}, NULL, NULL},
    {"mgc.tblActivePeers", {"aplServerID", "aplPeerID"}, NULL, NULL},
    {"mgccomp.tblComplianceData", {"cmplEventID"}, NULL, NULL},
    {"mgccomp.tblComplianceFanout", {"fanoutEventID", "fanoutServerID"}, NULL, NULL},
    {"mgccomp.tblComplianceParticipant", {"channelUri", "userId", "joinedAt"}, NULL, NULL},
    {"mgccomp.tblComplianceState", {"lastProcessedEntryID"}, NULL, NULL},
    {"rtc.Document", {NULL}, "*", "stored documents of services; no report reads them"},
    {"rtc.PersistedServiceData", {NULL}, "*", "data of services; no report reads it"},
    {"mgc.tblADCookie", {NULL}, "*", "how far the directory was read; may hold its credentials"},
    {"mgc.tblADUpdates", {NULL}, "*", "queue of the directory's changes; no report reads it"},
    {"mgc.tblAdminLock", {NULL}, "*", "who administers at the moment; no report reads it"},
    {"mgc.tblConfig", {NULL}, "*", "the servers' settings, which may hold credentials"},
    {"mgc.tblLastInviteId", {NULL}, "*", "a counter; no report reads it"},
    {"mgc.tblPreference", {NULL}, "*", "private settings of users; no report reads them"},
    {"mgc.tblPrincipalMemberDifference", {NULL}, "*", "queue of the directory's changes"},
    {"mgc.tblPrincipalMembers", {NULL}, "*", "the directory's groups; tblPrincipalAffiliations has them"},
    {"mgc.tblPrincipalMeta", {NULL}, "*", "queue of the directory's changes"},
    {"mgc.tblSiopWhiteList", {NULL}, "*", "add-ins; no report reads them"},
    {"mgc.tblSkippedAffiliations", {NULL}, "*", "groups left out by the directory's reading"},
    {"mgc.tblSystemRevision", {NULL}, "*", "a counter; no report reads it"},
    {NULL, {NULL}, NULL, NULL},
};
/* clang-format on */

const struct kept_table *kept_table_find(struct slice path)
{
    for (const struct kept_table *table = kept_tables; table->path; table++) {
        if (slice_equal_nocase(slice_of(table->path), path)) {
            return table;
        }
    }
    return NULL;
}

static bool is_secret(struct slice name)
{
    static const struct slice words[] = {
        SLICE("password"), SLICE("passwd"),     SLICE("pwd"),
        SLICE("secret"),   SLICE("credential"), SLICE("privatekey"),
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (slice_find_nocase(name, words[i]) != SLICE_NONE) {
            return true;
        }
    }
    return false;
}

static bool is_writable(struct slice name)
{
    for (size_t i = 0; i < name.size; i++) {
        unsigned char c = slice_byte(name, i);
        if (c < ' ' || c == '[' || c == ']' || c == '{' || c == '}' || c == '@') {
            return false;
        }
    }
    return name.size > 0 && name.size <= 128;
}

bool kept_column(const struct kept_table *table, const struct column_row *column)
{
    bool omitted = table->omitted && (slice_equal(slice_of(table->omitted), slice_of("*")) ||
                                      slice_equal_nocase(slice_of(table->omitted), column->name));
    return !omitted && !is_secret(column->name) && is_writable(column->name);
}

bool kept_table_tells_copies(const struct kept_table *table)
{
    for (size_t i = 0; table->omitted && i < TABLE_KEY_COLUMNS && table->key[i]; i++) {
        if (slice_equal(slice_of(table->key[i]), slice_of(table->omitted))) {
            return false;
        }
    }
    return true;
}
