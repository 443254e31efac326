/*
 * What protocols define and no person chose: the words that stay, and what stands where in a
 * document. See redact.h.
 *
 * Words: facts/presence.md parts 1 to 9, facts/xccos.md part 1, RFC 3261, 3265, 3863, 4480, 4566,
 * 4662. A word that is missing here costs a value its meaning; one too many shows a word that
 * everybody knows.
 */
#include "decoders/redact_parts.h"

/* clang-format off */
static const char words[] =
    /* flags and the like */
    "true false yes no none null unknown any all on off ok "
    /* SIP: methods, transports, packages, option tags, parameters */
    "invite ack bye cancel options register prack subscribe notify publish info refer message update "
    "benotify service negotiate udp tcp tls sctp ws wss phone ip dialog lr gruu isfocus "
    "active pending terminated deactivated probation rejected timeout giveup noresource invariant "
    "expired unregistered deregistered registered resubscribe early confirmed proceeding trying "
    "uac uas replace remove add id user critical header session "
    "presence presence.wpending vnd-microsoft-roaming-contacts vnd-microsoft-roaming-acls "
    "vnd-microsoft-roaming-self vnd-microsoft-provisioning vnd-microsoft-provisioning-v2 "
    "registration-notify message-summary conference refer reg winfo presence.winfo "
    "ms-benotify ms-piggyback-first-notify ms-dialog-route-set-update ms-sender ms-early-media "
    "ms-safe-transfer ms-delayed-accept ms-forking replaces timer 100rel histinfo norefersub eventlist "
    "adhoclist com.microsoft.autoextend msrtc-event-categories categorylist ms-userservices-state-notification "
    "negotiation audio video text data application data-collab in-app ms-conf-invite "
    "normal urgent emergency non-urgent hop-hop end-end tunneled direct q.850 preemption "
    "path outbound precondition tdialog from-change resource-priority answermode early-session pref "
    "recipient-list-invite recipient-list-subscribe multiple-refer sec-agree join nosub optional required "
    "attachment signal icon alert handling form-data auto manual audio/video proxy both "
    "identity gzip deflate en en-us "
    /* media types */
    "text/plain text/html text/xml text/rtf text/x-msmsgsinvite application/sdp application/pidf+xml "
    "application/xpidf+xml application/rlmi+xml application/soap+xml application/adrl+xml "
    "application/msrtc-category-publish+xml application/msrtc-event-categories+xml "
    "application/msrtc-adrl-categorylist+xml application/msrtc-fault+xml text/xml+msrtc.pidf "
    "application/msrtc-presence-setsubscriber+xml application/msrtc-setcontainermembers+xml "
    "application/vnd-microsoft-roaming-self+xml application/vnd-microsoft-roaming-contacts+xml "
    "application/vnd-microsoft-roaming-acls+xml application/vnd-microsoft-roaming-provisioning-v2+xml "
    "text/registration-event application/ccp+xml application/cccp+xml application/conference-info+xml "
    "multipart/related multipart/mixed multipart/alternative application/im-iscomposing+xml "
    "utf-8 utf-16 us-ascii base64 binary 7bit 8bit quoted-printable "
    /* presence */
    "open closed state note contactcard calendardata services device dndstate legacyinterop routing "
    "roomsetting alerts contact rosteralerts useractivity otheroptions persona userproperties "
    "userinformation workinghours usersettings machinestate phonestate calendarstate conferencestate "
    "userstate aggregatestate aggregatemachinestate "
    "static endpoint time sameenterprise federated publiccloud everyone domain personal oof "
    "available busy idle away offline online inactive do-not-disturb be-right-back free tentative "
    "on-the-phone in-a-conference in-a-meeting urgent-interruptions-only in-presentation presentation "
    "out-of-office off-work meeting appointment lunch call computer mobile "
    "set unset delete create modify polling query full partial delta subscribed unsubscribe "
    "categories containers subscribers delegates endpointinfo providerendpointname "
    "a ad all-users p bd b i aa deny allow prompt block "
    "client.badcall.wrongdelta client.badcall client.fault server.fault wrongdelta "
    /* provisioning */
    "persistentchatconfiguration servercofiguration serverconfiguration meetingpolicy ucpolicy "
    "publicationgrammar userspecificconfig enablepersistentchat defaultpersistentchatpooluri "
    "persistentchatpooluris persistentchatwebmanageruriint persistentchatwebmanageruriext "
    /* chat */
    "cmd rpl ntc grpchat requri getserverinfo getservinfo getassociations join bjoin part chansrch "
    "bccontext getinv getpref setpref nodespermcreatechild getfutok getfdtok getftok bcbydate bcbymsg "
    "chancreate chanmod chanmoduser invitequit quit cmd:requri cmd:getserverinfo cmd:getservinfo "
    "cmd:getassociations cmd:join cmd:bjoin cmd:part cmd:chansrch cmd:bccontext cmd:getinv cmd:getpref "
    "cmd:setpref cmd:nodespermcreatechild cmd:getfutok cmd:getfdtok cmd:getftok cmd:bcbydate cmd:bcbymsg "
    "cmd:chancreate cmd:chanmod cmd:chanmoduser rpl:requri rpl:getserverinfo rpl:getservinfo "
    "rpl:getassociations rpl:join rpl:bjoin rpl:part rpl:chansrch rpl:bccontext rpl:getinv rpl:getpref "
    "rpl:setpref rpl:nodespermcreatechild rpl:getfutok rpl:getfdtok rpl:getftok rpl:bcbydate rpl:bcbymsg "
    "rpl:chancreate rpl:chanmod rpl:chanmoduser ntc:join ntc:bjoin ntc:part ntc:invite ntc:quit "
    "ntc:chanmod byname bydescription bytopic secret scoped auditorium private kedzie.groupchannels "
    "owner member manager presenter landing createroom modifyroom "
    "url uri name value voice capture render video-capture "
    /* SDP */
    "in ip4 ip6 sip rtp/avp rtp/savp tcp/rtp/avp host srflx prflx relay typ raddr rport generation rtp rtcp "
    "sendrecv sendonly recvonly actpass passive holdconn inline session main-audio main-video main rtcp-mux "
    "ice-lite ";

/* Of reason phrases and of the texts in ms-diagnostics: what servers write themselves. */
static const char phrases[] =
    "the a an of to from for in on at by with without and or not no is are was be been has have had this that "
    "it its than too very as if when while only also already again does do did could can cannot may must "
    "ok trying ringing call calls forwarded queued session progress accepted multiple choices moved "
    "permanently temporarily use proxy alternative service bad request unauthorized payment required "
    "forbidden found method allowed acceptable authentication timeout conflict gone length conditional "
    "failed entity large uri long unsupported media type scheme unknown resource priority extension "
    "interval brief identity header flow invalid anonymity disallowed unavailable transaction exist exists "
    "exists. loop detected hops address incomplete ambiguous busy here terminated event rejected pending "
    "undecipherable security agreement server internal error implemented gateway version message everywhere "
    "decline declined anywhere unwanted success successful completed elsewhere normal release subscription "
    "publication attempt overwrite read-only chat user users principal provisioned inbound outbound queue "
    "full notice one first later retry after failure reason source component clock skew time synchronized "
    "provide initialize initialized negotiation security-association signature verification verified "
    "register registered registration unregistered expired refresh interval redirect redirecting pool home "
    "homed primary backup endpoint endpoints disabled enabled sip routing route routed destination unable "
    "connect connection connections network peer tls dns lookup host name cannot resolved reachable "
    "resources capacity limit exceeded maximum minimum number throttled throttling denied policy "
    "federation federated domain domains partner remote local edge front end client clients device devices "
    "version. versions container containers category categories invalid. missing malformed xml body content "
    "parse parsing unexpected expected value values stale wrong mismatch duplicate different another same "
    "response responses dialog dialogs bye cancel cancelled canceled acknowledged ack info invite notify "
    "subscribe options unregister acl list lists state change changed due being hosted conference "
    "meeting join joined room rooms channel admission control lobby participant participants left ended "
    "end log logon log-on sign signed out password credentials kerberos ntlm certificate trusted trust "
    "authorized authorization permission permissions right rights access see details 's idle inactive "
    "shutting down shutdown starting stopped stop start maintenance failover overload overloaded "
    "sending received receive deliver delivered delivery messages text history file files web ";

/* A name and what its value is; "" as the element: in any. */
static const struct {
    const char *names; /* separated by blanks; "element@attribute", "@attribute" or "element" */
    enum redact_place place;
} places[] = {
    {"@envid @seqid @ts @version @index @curVersion @expires @avail @aggregate @instance @container "
     "@minAvailability @maxAvailability @publishTime @lastActive @startTime @endTime @since @cnt "
     "@inviteId @searchLimit @messageSizeLimit @storySizeLimit @serverTime @code @mask @ver @createdefault "
     "@extended @infoType aib@key @acknowledged @categoryName @expireType @manual @fullState @state "
     "availability userInput contact@priority offset fileLength @deviceAvailability @status info prop "
     "timestamp basic priority GetFileSizeResult GetMaxFileSizeInKBResult chatId @chatId @qtype @render "
     "@capture @publish @xsi:type freeBusy@startTime freeBusy@granularity @deltaNum @LastModified",
     PLACE_PLAIN},
    {"chat", PLACE_CHAT},
    {"chanib@name OrderName OldName RoomName Name qib@criteria @roomName chanib@siopname", PLACE_ROOM},
    {"rtf body note @description chanib@topic @topic description topic subject displayName @displayName "
     "display-name display display_name name @display @disname @uname @authdisp deviceName@name "
     "machineName @machineName custom other meetingSubject meetingLocation location endpointLocation "
     "timeZoneName contact@name addedContact@name modifiedContact@name subscriber@name delegate@name "
     "device@name user@name person@name title company office department street city zip details faultstring "
     "phone email@text address contactGroup@name group@name @subject firstName lastName @firstName "
     "@lastName text@value Managers Members RoomDescription Description Notification AddIn Category "
     "@rtf title office @location providerData @authorDisplayName", PLACE_TEXT},
    {"@epid @deviceId @cid @endpointId epid deviceId tuple@id @etag conversationId @guid @machineId", PLACE_ID},
    {"@fileUrl uniqueFilename reposFileName RequestUniqueFilenameWithExtensionResult @fileName fileName "
     "filename @filename @fileUri", PLACE_FILE},
    {"@value value channelId RoomId", PLACE_LIST},
    {"@domain domain @poolFqdn @serveruri host fqdn @fqdn @host @server server", PLACE_HOST},
    {"@token token", PLACE_TOKEN},
    {"pref@content", PLACE_BASE64},
    {"freeBusy", PLACE_SLOTS},
    {"password @password secret credential credentials passwd", PLACE_SECRET},
};
/* clang-format on */

/* The next word of a list; false at its end. */
static bool word_next(const char **list, struct slice *out)
{
    const char *at = *list;
    while (*at == ' ') {
        at++;
    }
    size_t size = 0;
    while (at[size] != '\0' && at[size] != ' ') {
        size++;
    }
    *out = (struct slice){at, size};
    *list = at + size;
    return size > 0;
}

enum { NAME_MOST = 128 }; /* bytes of a word, or of the name of a place */

static void fill(struct map *map, const char *list, const void *value)
{
    char lower[NAME_MOST];
    struct slice word;
    while (word_next(&list, &word)) {
        (void)map_put(map, slice_lower(lower, sizeof lower, word), (void *)(uintptr_t)value);
    }
}

void redact_words_fill(struct redactor *redactor)
{
    fill(&redactor->words, words, words);
    fill(&redactor->phrases, phrases, phrases);
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        fill(&redactor->places, places[i].names, &places[i].place);
    }
}

bool redact_is_word(const struct redactor *redactor, struct slice text)
{
    char lower[NAME_MOST];
    return text.size > 0 && text.size < sizeof lower &&
           map_find(&redactor->words, slice_lower(lower, sizeof lower, text)) != NULL;
}

static const enum redact_place *place_named(const struct redactor *redactor, struct slice element,
                                            struct slice attribute, bool is_attribute)
{
    char lower[NAME_MOST];
    if (element.size + attribute.size + 1 > sizeof lower) {
        return NULL;
    }
    size_t size = slice_lower(lower, sizeof lower, element).size;
    if (is_attribute) {
        lower[size++] = '@';
        size += slice_lower(lower + size, sizeof lower - size, attribute).size;
    }
    return map_find(&redactor->places, (struct slice){lower, size});
}

enum redact_place redact_place_find(struct redactor *redactor, struct slice element,
                                    struct slice attribute)
{
    static const struct slice any = SLICE("");
    bool is_attribute = attribute.size > 0;
    const enum redact_place *found = place_named(redactor, element, attribute, is_attribute);
    if (!found && is_attribute) {
        found = place_named(redactor, any, attribute, true);
    }
    return found ? *found : PLACE_ANY;
}
