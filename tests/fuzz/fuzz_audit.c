/*
 * The audit and the tally under any sequence of events and changes.
 *
 * The bytes are a script: each step takes a few of them for its kind and its
 * members, all drawn from small sets (audit_script.h), so that ids, users and rooms meet
 * again. Whatever the script, findings come numbered, in order, within the caps, with
 * evidence; flows come whole. A second run with some of the rules switched off says
 * exactly what the others said in the first.
 */
#include <string.h>

#include "analyzer/audit/archive.h"
#include "analyzer/audit/audit.h"
#include "analyzer/audit/flow.h"
#include "analyzer/audit/tally.h"
#include "tests/fuzz/audit_script.h"
#include "tests/fuzz/target.h"

struct stage {
    struct message message;
    struct sip_diagnostics diagnostics[3];
    struct sip_header header;
    struct request_view request;
    struct chat_parts parts;
    struct event event;
    struct change change;
};

static void take_any_message(struct script *script, struct stage *stage, struct origin origin)
{
    static const uint16_t statuses[] = {0,   0,   0,   100, 180, 200, 200, 301,
                                        401, 403, 404, 409, 481, 487, 503, 603};
    static const uint32_t ids[] = {20000, 20010, 4, 1003};
    uint16_t status = statuses[take(script, sizeof statuses / sizeof statuses[0])];
    for (size_t i = 0; i < 3; i++) {
        stage->diagnostics[i] =
            (struct sip_diagnostics){.id = ids[take(script, 4)], .reason = take_word(script)};
    }
    stage->header = (struct sip_header){SLICE("Supported"), SLICE("com.microsoft.autoextend")};
    stage->request = (struct request_view){
        .origin = {.time = origin.time - 1, .record = 1},
        .event = take_word(script),
        .content_type = take_word(script),
        .expires = (int64_t)take(script, 3) - 1,
    };
    unsigned method = take(script, SIP_METHODS);
    stage->message = (struct message){
        .request = status == 0,
        .method = (enum sip_method)method,
        .method_name = slice_of(sip_method_name((enum sip_method)method)),
        .status = status,
        .call_id = take_word(script),
        .cseq = take(script, 4),
        .from = {.user = take_word(script), .service = take(script, 8) == 0},
        .to = {.user = take_word(script)},
        .event = take_word(script),
        .expires = (int64_t)take(script, 5) * 100 - 1,
        .subscription_state = take_word(script),
        .user_agent = take_word(script),
        .diagnostics = stage->diagnostics,
        .diagnostics_count = take(script, 4),
        .headers = &stage->header,
        .header_count = take(script, 2),
        .flags = take(script, 4) == 0 ? SIP_MALFORMED : 0,
        .observed = {.origin = origin,
                     .source = take_address(script),
                     .destination = take_address(script)},
        .role = (enum message_role)take(script, 3),
        .id = 1 + take(script, 16),
        .transaction = take(script, 8),
        .dialog = take(script, 4),
        .request_kept = take(script, 2) ? &stage->request : NULL,
    };
    stage->message.observations = &stage->message.observed;
    stage->message.observation_count = 1;
}

/* The usual: a client at its own address and the server, little that is odd. */
static void take_plain_message(struct script *script, struct stage *stage, struct origin origin)
{
    static const enum sip_method methods[] = {SIP_INFO,     SIP_INVITE,   SIP_SUBSCRIBE,
                                              SIP_BENOTIFY, SIP_REGISTER, SIP_PUBLISH,
                                              SIP_SERVICE,  SIP_NOTIFY};
    unsigned choice = take(script, 256);
    unsigned client = choice & 1;
    bool up = choice & 2;
    bool request = choice & 4;
    enum sip_method method = methods[choice >> 3 & 7];
    const struct address hosts[] = {{{192, 0, 2, 21}, ADDRESS_IPV4, 52311},
                                    {{192, 0, 2, 22}, ADDRESS_IPV4, 52312}};
    const struct address server = {{192, 0, 2, 5}, ADDRESS_IPV4, 5061};
    struct slice user = client ? (struct slice)SLICE("bo@contoso.example")
                               : (struct slice)SLICE("ada@contoso.example");
    struct slice service = SLICE("chat@contoso.example");
    bool by_client = up == request;
    struct slice match = choice & 128 ? (struct slice)SLICE("presence") : (struct slice){0};
    stage->request = (struct request_view){
        .origin = {.time = origin.time, .record = 1},
        .if_match = match,
        .to_user = user,
        .expires = 100,
    };
    stage->message = (struct message){
        .request = request,
        .method = method,
        .method_name = slice_of(sip_method_name(method)),
        .status = (uint16_t)(request          ? 0
                             : !(choice & 64) ? 200
                             : choice & 128   ? 412
                                              : 503),
        .call_id = user,
        .cseq = 1,
        .from = {.user = by_client ? user : service, .epid = SLICE("e1")},
        .to = {.user = by_client && method != SIP_PUBLISH ? service : user},
        .event = SLICE("presence"),
        .expires = match.size > 0 && (choice & 64) ? 0 : 100,
        .if_match = match,
        .user_agent =
            request ? (struct slice)SLICE("UCCAPI/15.0.4420.1017") : (struct slice)SLICE("RTC/4.0"),
        .observed = {.origin = origin,
                     .source = up ? hosts[client] : server,
                     .destination = up ? server : hosts[client]},
        .id = origin.record,
        .transaction = take(script, 8),
        .dialog = choice >> 3 & 3,
        .request_kept = &stage->request,
    };
    stage->message.observations = &stage->message.observed;
    stage->message.observation_count = 1;
}

static void take_message(struct script *script, struct stage *stage, struct origin origin)
{
    if (take(script, 4) == 0) {
        take_any_message(script, stage, origin);
    } else {
        take_plain_message(script, stage, origin);
    }
}

static struct category_key take_key(struct script *script, struct slice user)
{
    unsigned choice = take(script, 256);
    return (struct category_key){
        .user = user,
        .name = choice & 128 ? (struct slice)SLICE("device") : (struct slice)SLICE("state"),
        .instance = choice & 64 ? 1 : 603979776,
        .container = 2 + (choice & 1),
        .has_instance = true,
        .has_container = choice & 62,
    };
}

/* What only a published category has. */
static void take_instance(struct script *script, struct publication_change *given)
{
    unsigned choice = take(script, 256);
    given->key = take_key(script, given->key.user);
    given->epid = choice & 1 ? (struct slice)SLICE("e1") : (struct slice){0};
    given->status = choice & 2 ? 200 : 0;
    given->version = choice >> 2 & 3;
    given->current_version = choice >> 4 & 3;
    given->expire_type = (enum expire_type)take(script, EXPIRE_UNKNOWN + 1);
    given->availability = (int64_t)take(script, 20) * 1000;
}

/* One publication asked for, or listed. */
static void take_category(struct script *script, struct event *event)
{
    static const struct presence_activity urgent = {.token = SLICE("urgent-interruptions-only")};
    unsigned choice = take(script, 256);
    event->as.category = (struct category_fact){
        .version = choice & 3,
        .has_version = true,
        .expires = choice & 4 ? 0 : 86400,
        .publish_time = choice & 8 ? 0 : TIME_NONE,
        .empty = (choice & 12) == 4,
        .expire_type = choice & 16 ? EXPIRE_TIME : EXPIRE_ENDPOINT,
        .has_value = choice & 32,
        .value =
            {
                .kind = choice & 64 ? STATE_USER : STATE_AGGREGATE,
                .activities = {urgent},
                .activity_count = choice >> 7,
                .manual = true,
                .last_active = choice & 1 ? 0 : TIME_NONE,
            },
    };
    event->as.category.key = take_key(script, take_user(script));
    event->as.category.value.availability = (int64_t)take(script, 20) * 500;
}

static void take_presence(struct script *script, struct change *change)
{
    switch (change->kind) {
    case CHANGE_ENDPOINT:
        change->as.endpoint = (struct endpoint_change){
            .user = take_user(script),
            .epid = SLICE("e1"),
            .state = (enum endpoint_state)take(script, ENDPOINT_EXPIRED + 1),
        };
        break;
    case CHANGE_PUBLICATION:
        change->as.publication = (struct publication_change){
            .pidf = take(script, 4) != 0,
            .key = {.user = take_user(script), .instance = take(script, 2)},
            .entity_tag = take_word(script),
            .replaced_tag = take_word(script),
            .state = (enum publication_state)take(script, PUBLICATION_CONFLICT + 1),
            .value_kind = (enum state_kind)take(script, STATE_UNKNOWN + 1),
            .activity = take_activity(script),
            .until = take(script, 4) ? change->time + TIME_SECOND : TIME_NONE,
        };
        if (!change->as.publication.pidf) {
            take_instance(script, &change->as.publication);
        }
        break;
    case CHANGE_TOLD:
        change->as.told = (struct told_change){
            .watcher = take_user(script),
            .user = take_user(script),
            .category = take(script, 4) == 0 ? CATEGORY_NOTE : CATEGORY_STATE,
            .document = take(script, 8) == 0,
            .empty = take(script, 8) == 0,
            .content = (unsigned)take(script, 2 * TOLD_ORIGIN),
            .served = (unsigned)take(script, SERVED_ANY + 1),
            .member = take(script, 2) == 0,
            .band = (enum band)take(script, BANDS),
            .availability = (int64_t)take(script, 64) * 500 - 1,
            .value_kind = (enum state_kind)take(script, STATE_UNKNOWN + 1),
            .owner = take(script, 4) == 0,
            .container = (uint32_t)take(script, 4),
            .has_container = take(script, 2) == 0,
            .activity = take_activity(script),
            .polled = take(script, 4) == 0,
            .dialog = take(script, 4),
        };
        break;
    case CHANGE_SUBSCRIPTION:
        change->as.subscription = (struct subscription_change){
            .watcher = take_user(script),
            .target = take_user(script),
            .package = take_word(script),
            .call_id = SLICE("bo@contoso.example"), /* as in his plain messages */
            .dialog = take(script, 4),
            .state = (enum subscription_state)take(script, SUBSCRIPTION_REFUSED + 1),
        };
        break;
    default:
        change->kind = CHANGE_PRESENCE;
        memset(&change->as, 0, sizeof change->as);
    }
}

static void take_event(struct script *script, struct stage *stage)
{
    struct event *event = &stage->event;
    unsigned choice = take(script, 256);
    switch (choice % 10) {
    case 0:
        event->kind = EVENT_COVERAGE;
        event->as.coverage = (struct coverage_fact){
            .kind = (enum coverage_kind)take(script, COVERAGE_CAP + 1),
            .source = take_address(script),
            .destination = take_address(script),
            .bytes = take(script, 3),
            .count = take(script, 3),
            .detail = take_word(script),
        };
        break;
    case 1:
    case 6:
        take_chat_event(script, &stage->parts, event);
        break;
    case 3:
        take_web(script, event);
        break;
    case 7:
        take_name_lookup(script, &stage->parts, event);
        break;
    case 8:
        take_provisioning(script, &stage->parts, event);
        break;
    case 2:
        event->kind = EVENT_DIALOG;
        event->as.dialog = (struct dialog_view){.id = take(script, 4),
                                                .service = (enum dialog_service)take(script, 4),
                                                .from_start = true,
                                                .to = take_word(script)};
        if (choice > 80) {
            event->as.dialog.kind = DIALOG_INVITE;
            event->as.dialog.state = (enum dialog_state)take(script, DIALOG_UNFINISHED + 1);
        }
        break;
    case 4:
    case 5:
        event->kind = choice & 1 ? EVENT_PUBLICATION : EVENT_CATEGORY;
        take_category(script, event);
        break;
    default:
        event->kind = EVENT_DIAGNOSTIC;
        event->as.diagnostic = (struct diagnostic_fact){.code = "xml-not-well-formed"};
    }
}

struct checks {
    const struct limits *limits;
    uint64_t last_id;
    int64_t last_time;
    unsigned mute;     /* which rules are to be left out */
    uint64_t digest;   /* of everything said by the other rules, and of the flows */
    uint64_t messages; /* the highest id of one so far */
    struct tally *tally;
};

/* Every fourth rule, another fourth for another number; none for 0. */
static bool is_mute(unsigned mute, struct slice rule)
{
    const struct map_seed seed = {{mute, 3}};
    return mute != 0 && map_hash(seed, rule) % 4 == 0;
}

static void mix(struct checks *checks, struct slice bytes)
{
    const struct map_seed seed = {{checks->digest, 7}};
    checks->digest = map_hash(seed, bytes);
}

static void check_finding(void *context, const struct finding *finding)
{
    struct checks *checks = context;
    bool coverage = strncmp(finding->rule, "coverage-", 9) == 0;
    require(finding->id == checks->last_id + 1);
    require(finding->time >= checks->last_time);
    require(finding->id <= checks->limits->findings + 6); /* its own caps say so */
    require(finding->evidence_count <= checks->limits->evidence);
    require(finding->evidence_count > 0 || coverage);
    require(finding->message.size > 0);
    require(finding->severity <= audit_rule_find(slice_of(finding->rule))->severity);
    require((finding->flow.size > 0) == (finding->step.size > 0));
    for (size_t i = 1; i < finding->evidence_count; i++) {
        require(origin_compare(&finding->evidence[i - 1], &finding->evidence[i]) <= 0);
    }
    if (!is_mute(checks->mute, slice_of(finding->rule))) {
        mix(checks, finding->message);
        mix(checks, slice_of(finding->rule));
    }
    checks->last_id = finding->id;
    checks->last_time = finding->time;
    tally_finding(checks->tally, finding);
}

static void check_label(void *context, const struct flow_label *label)
{
    struct checks *checks = context;
    require(label->message != 0 && label->message <= checks->messages);
    require(label->flow && label->step && label->number > 0);
    mix(checks, slice_of(label->step));
}

static void check_flow(void *context, const struct flow_view *flow)
{
    bool failed = false;
    size_t seen = 0;
    require(flow->start <= flow->end && flow->call_id_count <= FLOW_CALL_IDS);
    for (size_t i = 0; i < flow->step_count; i++) {
        const struct flow_step_view *step = &flow->steps[i];
        bool was_seen = step->outcome == FLOW_STEP_SEEN || step->outcome == FLOW_STEP_MISPLACED;
        require(was_seen == (step->time != TIME_NONE));
        require(!was_seen || (step->time >= flow->start && step->time <= flow->end));
        failed = failed || step->outcome == FLOW_STEP_MISSING;
        seen += was_seen;
    }
    require(seen > 0 && !(failed && flow->outcome == FLOW_COMPLETE));
    mix(context, slice_of(flow->flow));
    mix(context, slice_of(flow_outcome_name(flow->outcome)));
}

/* A new message, or what else the last one carried. */
static void begin_step(struct script *script, struct stage *stage, struct origin *origin)
{
    unsigned pass = take(script, 16);
    if (pass == 0 && origin->record > 0) {
        return;
    }
    origin->time += (pass < 10 ? (int64_t)pass : ((int64_t)pass - 10) * 20) * TIME_SECOND;
    origin->record++;
    origin->input = pass == 15;
    memset(stage, 0, sizeof *stage);
    take_message(script, stage, *origin);
}

static void run_step(struct script *script, struct audit *audit, struct tally *tally,
                     struct stage *stage, struct origin origin)
{
    unsigned kind = take(script, 4 + CHANGE_KINDS);
    stage->event = (struct event){.origin = origin, .message = &stage->message};
    if (kind < 4) {
        stage->event.kind = EVENT_MESSAGE;
        if (kind > 1) {
            take_event(script, stage);
        }
        audit_event(audit, &stage->event);
        tally_event(tally, &stage->event);
        return;
    }
    struct change *change = &stage->change;
    *change = (struct change){
        .kind = (enum change_kind)(kind - 4),
        .time = origin.time,
        .origin = origin,
        .message = take(script, 4) ? &stage->message : NULL,
    };
    if (!take_chat_change(script, change)) {
        take_presence(script, change);
    }
    audit_change(audit, change);
    tally_change(tally, change);
}

/* What an export of the compliance service says of the same rooms and users. */
static void tell_export(struct script *script, struct archive *archive)
{
    archive_file(archive);
    unsigned events = take(script, 8);
    const struct compliance_channel channel = {
        .uri = take_room(script),
        .logged = (enum said)take(script, SAID_YES + 1),
        .start = ticks_of_time(1000 * TIME_SECOND),
        .end = ticks_of_time((1000 + take(script, 256)) * TIME_SECOND),
    };
    archive_channel(archive, &channel);
    for (unsigned i = 0; i < events; i++) {
        unsigned choice = take(script, 256);
        const struct compliance_event event = {
            .kind = (enum compliance_kind)take(script, COMPLIANCE_KINDS),
            .room = choice & 3 ? channel.uri : take_room(script),
            .user = take_user(script),
            .content = take_word(script),
            .ticks =
                choice == 255 ? TICKS_NONE : ticks_of_time((1000 + (int64_t)choice) * TIME_SECOND),
            .origin = {.record = i + 1, .input = 2},
        };
        archive_told(archive, &event);
    }
    archive_file_end(archive, take(script, 8) != 7);
}

struct plan {
    const struct limits *limits;
    bool export;
    unsigned mute; /* is_mute() */
    bool silenced; /* those rules are switched off, else left out of the digest */
};

static void silence(struct audit *audit, unsigned mute)
{
    const struct rule_info *rule;
    for (size_t i = 0; (rule = audit_rule(i)) != NULL; i++) {
        if (is_mute(mute, slice_of(rule->name))) {
            require(audit_enable(audit, slice_of(rule->name), false));
        }
    }
}

static uint64_t run(const uint8_t *data, size_t size, const struct plan *plan)
{
    const struct map_seed seed = {{1, 2}};
    struct script script = {data, size, 0};
    struct checks checks = {.limits = plan->limits, .last_time = INT64_MIN, .mute = plan->mute};
    const struct finding_sink sink = {check_finding, &checks};
    checks.tally = tally_new(seed, plan->limits);
    struct audit *audit = audit_new(seed, plan->limits, &sink);
    audit_watch_flows(audit, &(struct flow_sink){&checks, check_label, check_flow});
    if (plan->silenced) {
        silence(audit, plan->mute);
    }
    if (plan->export) {
        tell_export(&script, audit_archive(audit));
    }
    struct stage stage;
    struct origin origin = {.time = 1000 * TIME_SECOND};
    while (script.at < script.size) {
        begin_step(&script, &stage, &origin);
        if (stage.message.id > checks.messages) {
            checks.messages = stage.message.id;
        }
        run_step(&script, audit, checks.tally, &stage, origin);
    }
    audit_end(audit, origin.time + (size % 2 ? 700 * TIME_SECOND : 0));
    audit_free(audit);
    struct summary summary = {0};
    tally_fill(checks.tally, &summary);
    require(summary.findings[0] + summary.findings[1] + summary.findings[2] == checks.last_id);
    tally_free(checks.tally);
    return checks.digest;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) {
        return 0;
    }
    struct limits limits = limits_default();
    if (data[0] & 1) {
        limits.findings = 5;
        limits.evidence = 2;
        limits.expectations = 6;
        limits.sessions = 2;
        limits.users = 2;
        limits.rooms = 1;
        limits.posts = 2;
        limits.watched = 2;
        limits.connections = 3;
        limits.compliance_rows = 3;
        limits.distinct = 3;
        limits.report_rows = 2;
    }
    struct plan plan = {.limits = &limits, .export = data[0] & 2, .mute = data[0] >> 2};
    uint64_t whole = run(data + 1, size - 1, &plan);
    plan.silenced = true;
    require(run(data + 1, size - 1, &plan) == whole);
    return 0;
}
