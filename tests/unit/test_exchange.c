/*
 * Identities, transactions and dialogs. The conversations, with what is to be
 * emitted for each message, are in exchange_scripts.h.
 */
#include "tests/unit/harness.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "decoders/exchange.h"
#include "tests/unit/exchange_scripts.h"

/* ---- the log ---- */

enum { LOG = 1024 };

struct log {
    char text[LOG];
    size_t size;
};

static void log_add(struct log *log, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(log->text + log->size, sizeof log->text - log->size, format, arguments);
    va_end(arguments);
    log->size += size > 0 ? (size_t)size : 0;
    assert_true(log->size < sizeof log->text);
}

static void log_message(struct log *log, const struct message *message)
{
    static const char *const roles[] = {"first", "hop", "again"};
    log_add(log, "%s %" PRIu64 " t%" PRIu64 " d%" PRIu64, roles[message->role], message->id,
            message->transaction, message->dialog);
    if (message->attempt > 0) {
        log_add(log, " +%u", message->attempt);
    }
    if (!message->request && !message->request_kept) {
        log_add(log, " lone");
    }
    assert_true(message->observation_count > 0);
    const struct observation *last = &message->observations[message->observation_count - 1];
    assert_int_equal(last->origin.record, message->observed.origin.record);
}

static void log_dialog(struct log *log, const struct event *event)
{
    const struct dialog_view *view = &event->as.dialog;
    log_add(log, "%s %" PRIu64 " %s", dialog_kind_name(view->kind), view->id,
            dialog_state_name(view->state));
    if (view->service != SERVICE_NONE) {
        log_add(log, " %s", dialog_service_name(view->service));
    }
    if (view->mode == DIALOG_QUERY) {
        log_add(log, " query");
    }
    if (!view->from_start) {
        log_add(log, " mid");
    }
    if (view->reason.size > 0) {
        log_add(log, " (%.*s)", (int)view->reason.size, view->reason.data);
    }
    if (view->expires_at != TIME_NONE) {
        log_add(log, " until %g", (double)view->expires_at / 1e9);
    }
    if (!event->message) {
        log_add(log, " n=%" PRIu64 " end=%g", view->messages, (double)view->end / 1e9);
    }
}

static void log_event(void *context, const struct event *event)
{
    struct log *log = context;
    if (log->size > 0) {
        log_add(log, "; ");
    }
    if (event->kind == EVENT_MESSAGE) {
        log_message(log, event->message);
    } else if (event->kind == EVENT_DIALOG) {
        log_dialog(log, event);
    } else if (event->kind == EVENT_COVERAGE) {
        log_add(log, "cap %s", event->as.coverage.detail.data);
    } else {
        log_add(log, "%s", event_kind_name(event->kind));
    }
}

/* ---- reading a line ---- */

/* What a message is made of; strings lie in `text`. */
struct made {
    char text[512];
    struct message message;
    struct event fact;
    struct slice pool;
    struct facts facts;
};

static struct address host(int number)
{
    return (struct address){.bytes = {192, 0, 2, (unsigned char)number},
                            .family = ADDRESS_IPV4,
                            .port = (uint16_t)(5060 + number)};
}

static void set_flow(struct observation *observed, char letter)
{
    char flow = ascii_lower(letter);
    bool tcp = flow == 't' || flow == 'u';
    bool second = flow == 'b' || flow == 'c' || flow == 'u';
    struct address near = host(second ? 2 : 1);
    struct address far = host(flow == 'c' ? 4 : second ? 3 : 2);
    observed->transport = tcp ? TRANSPORT_TCP : TRANSPORT_UDP;
    observed->source = letter == flow ? far : near;
    observed->destination = letter == flow ? near : far;
}

static void set_what(struct message *message, const char *word)
{
    const char *slash = strchr(word, '/');
    message->request = !slash;
    message->status = slash ? (uint16_t)atoi(word) : 0;
    message->method_name = slice_of(slash ? slash + 1 : word);
    message->method = sip_method_find(message->method_name);
}

static void set_tag(struct sip_party *party, const char *word)
{
    party->tag = slice_of(strcmp(word, "-") == 0 ? "" : word);
}

static void set_user(struct sip_party *party, const char *user)
{
    party->user = slice_of(user);
    party->uri = slice_of(user);
}

static void set_chat(struct made *made, const char *verb)
{
    made->fact.kind = EVENT_CHAT;
    made->fact.message = &made->message;
    made->fact.as.chat.verb = strcmp(verb, "requri") == 0 ? CHAT_REQURI : CHAT_JOIN;
    made->facts = (struct facts){.items = &made->fact, .count = 1, .capacity = 1};
}

static void set_pool(struct made *made, const char *pool)
{
    made->fact.kind = EVENT_PROVISIONING;
    made->fact.message = &made->message;
    made->pool = slice_of(pool);
    made->fact.as.provisioning = (struct provisioning_fact){.pools = &made->pool, .pool_count = 1};
    made->facts = (struct facts){.items = &made->fact, .count = 1, .capacity = 1};
}

static struct slice sdp_with(const char *media)
{
    bool chat = strcmp(media, "message") == 0;
    return slice_of(chat ? "v=0\r\nm=message 5060 sip null\r\n" : "v=0\r\nm=audio 9 RTP/AVP 8\r\n");
}

/* Words that set one string or one number. */
static bool set_field(struct message *message, const char *name, const char *value)
{
    const struct {
        const char *name;
        struct slice *text;
        int64_t *number;
    } fields[] = {
        {"call", &message->call_id, NULL},
        {"ev", &message->event, NULL},
        {"match", &message->if_match, NULL},
        {"uri", &message->uri, NULL},
        {"fromuri", &message->from.uri, NULL},
        {"fromepid", &message->from.epid, NULL},
        {"toepid", &message->to.epid, NULL},
        {"ss", &message->subscription_state, NULL},
        {"ssr", &message->subscription_reason, NULL},
        {"ssx", NULL, &message->subscription_expires},
        {"x", NULL, &message->expires},
    };
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        if (strcmp(name, fields[i].name) == 0) {
            if (fields[i].text) {
                *fields[i].text = slice_of(value);
            } else {
                *fields[i].number = atoi(value);
            }
            return true;
        }
    }
    return false;
}

static void set_option(struct made *made, const char *name, const char *value)
{
    struct message *message = &made->message;
    if (strcmp(name, "br") == 0) {
        message->branch = slice_of(strcmp(value, "none") == 0 ? "" : value);
    } else if (strcmp(name, "in") == 0) {
        message->observed.origin.input = (uint32_t)atoi(value);
    } else if (strcmp(name, "from") == 0) {
        set_user(&message->from, value);
    } else if (strcmp(name, "to") == 0) {
        set_user(&message->to, value);
    } else if (strcmp(name, "sdp") == 0) {
        message->content_type = slice_of("application/sdp");
        message->body = sdp_with(value);
    } else if (strcmp(name, "chat") == 0) {
        set_chat(made, value);
    } else if (strcmp(name, "reply") == 0) {
        set_chat(made, value);
        made->fact.as.chat.class = CHAT_REPLY;
    } else if (strcmp(name, "pool") == 0) {
        set_pool(made, value);
    } else if (strcmp(name, "gives") == 0) {
        made->fact.as.chat.service_uri = slice_of(value);
    } else if (strcmp(name, "auth") == 0) {
        message->flags |= SIP_HAS_CREDENTIALS;
    } else if (strcmp(name, "benotify") == 0) {
        message->flags |= SIP_OFFERS_BENOTIFY;
    } else if (!set_field(message, name, value)) {
        fail_msg("no option %s", name);
    }
}

static void message_start(struct made *made, char *words[static 6])
{
    struct message *message = &made->message;
    message->expires = -1;
    message->subscription_expires = -1;
    message->session_expires = -1;
    message->call_id = slice_of("c1");
    message->observed.origin.time = (int64_t)(strtod(words[0], NULL) * 1e9 + 0.5);
    set_flow(&message->observed, words[1][0]);
    set_what(message, words[2]);
    message->cseq = (uint32_t)atoi(words[3]);
    set_user(&message->from, "ann@contoso.example");
    set_user(&message->to, "bo@contoso.example");
    set_tag(&message->from, words[4]);
    set_tag(&message->to, words[5]);
}

/* The branch of a hop is the same for a request, its CANCEL and refused ACK, and its responses. */
static void set_branch(struct made *made, char *buffer, size_t size, char flow)
{
    const struct message *message = &made->message;
    bool invite = message->method == SIP_CANCEL;
    snprintf(buffer, size, "z9hG4bK-%u-%s-%c", (unsigned)message->cseq,
             invite ? "INVITE" : message->method_name.data, ascii_lower(flow));
    made->message.branch = slice_of(buffer);
}

static void make_message(struct made *made, const char *say, uint64_t record, char *branch,
                         size_t branch_size)
{
    char *words[16];
    size_t count = 0;
    *made = (struct made){0};
    snprintf(made->text, sizeof made->text, "%s", say);
    for (char *word = strtok(made->text, " "); word && count < 16; word = strtok(NULL, " ")) {
        words[count++] = word;
    }
    assert_true(count >= 6);
    message_start(made, words);
    made->message.observed.origin.record = record;
    set_branch(made, branch, branch_size, words[1][0]);
    for (size_t i = 6; i < count; i++) {
        char *value = strchr(words[i], '=');
        if (value) {
            *value++ = '\0';
        }
        set_option(made, words[i], value ? value : "");
    }
    if (made->message.from.uri.size > 0 &&
        slice_starts_nocase(made->message.from.uri, slice_of("sip:"))) {
        made->message.from.user = slice_of("");
    }
    struct slice hop = made->message.branch;
    hop = hop.size > 0 ? hop : slice_of("sent-by");
    made->message.observed.branch_hash = map_hash(test_seed(), hop);
}

/* ---- running a script ---- */

static void say(struct exchange *exchange, const char *text, uint64_t record)
{
    struct made made;
    char branch[64];
    if (strncmp(text, "end ", 4) == 0) {
        exchange_end(exchange, (int64_t)(strtod(text + 4, NULL) * 1e9));
        return;
    }
    make_message(&made, text, record, branch, sizeof branch);
    exchange_feed(exchange, &made.message, made.facts.count > 0 ? &made.facts : NULL);
}

static size_t run_script(const struct script *script)
{
    struct log log = {0};
    struct limits limits = limits_default();
    limits.transactions = script->transactions > 0 ? script->transactions : limits.transactions;
    limits.dialogs = script->dialogs > 0 ? script->dialogs : limits.dialogs;
    limits.copies = script->copies > 0 ? script->copies : limits.copies;
    const struct event_sink sink = {log_event, &log};
    struct exchange *exchange = exchange_new(test_seed(), &limits, &sink);
    size_t wrong = 0;
    for (size_t i = 0; i < LINES && script->lines[i].say; i++) {
        const struct line *line = &script->lines[i];
        log.size = 0;
        log.text[0] = '\0';
        say(exchange, line->say, i + 1);
        if (strcmp(log.text, line->expect) != 0) {
            print_error("%s\n  said     %s\n  expected %s\n  got      %s\n", script->name,
                        line->say, line->expect, log.text);
            wrong++;
        }
    }
    exchange_free(exchange);
    return wrong;
}

static void scripts_give_what_they_expect(void **state)
{
    (void)state;
    size_t wrong = 0;
    for (size_t i = 0; i < sizeof scripts / sizeof scripts[0]; i++) {
        wrong += run_script(&scripts[i]);
    }
    assert_int_equal(wrong, 0);
}

/* ---- what the views hold ---- */

/* Feeds one line and keeps what was emitted with it; strings are compared while they live. */
struct watch {
    void (*check)(const struct event *event);
    enum event_kind kind;
    size_t seen;
};

static void watch_event(void *context, const struct event *event)
{
    struct watch *watch = context;
    if (event->kind == watch->kind) {
        watch->seen++;
        watch->check(event);
    }
}

static size_t watch_lines(const char *const lines[], size_t count, enum event_kind kind,
                          void (*check)(const struct event *event))
{
    struct watch watch = {check, kind, 0};
    struct limits limits = limits_default();
    const struct event_sink sink = {watch_event, &watch};
    struct exchange *exchange = exchange_new(test_seed(), &limits, &sink);
    for (size_t i = 0; i < count; i++) {
        say(exchange, lines[i], i + 1);
    }
    exchange_free(exchange);
    return watch.seen;
}

static void check_notified_row(const struct event *event)
{
    const struct dialog_view *view = &event->as.dialog;
    assert_slice_equal(view->from, "ann@contoso.example");
    assert_slice_equal(view->to, "192.0.2.9:5061");
    assert_slice_equal(view->from_epid, "aa11");
    assert_slice_equal(view->to_epid, "ff99");
    assert_slice_equal(view->event, "presence");
    assert_slice_equal(view->call_id, "C9");
    assert_int_equal(view->mode, DIALOG_PERSISTENT);
    assert_false(view->from_start);
    assert_int_equal(view->previous, DIALOG_TRYING);
    assert_int_equal(view->start, 0);
    assert_non_null(event->message);
    assert_int_equal(event->origin.record, 1);
}

/* The subscriber is the To of a notification; a party without user is named by its host. */
static void row_of_a_notification_names_the_subscriber_first(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "0 a NOTIFY 3 n s call=C9 ev=presence ss=active to=ann@contoso.example "
        "fromuri=SIP:192.0.2.9:5061;transport=tls toepid=aa11 fromepid=ff99",
    };
    assert_int_equal(watch_lines(lines, 1, EVENT_DIALOG, check_notified_row), 1);
}

static void check_learned(const struct event *event)
{
    const struct dialog_view *view = &event->as.dialog;
    assert_slice_equal(view->from_epid, "aa11");
    if (view->state == DIALOG_CONFIRMED) {
        assert_slice_equal(view->to_epid, "bb22");
        assert_slice_equal(view->event, "presence");
        assert_int_equal(view->status, 200);
        assert_true(view->offers_benotify);
    }
}

static void row_learns_what_later_messages_tell(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "0 A SUBSCRIBE 1 a - x=60 fromepid=aa11 benotify",
        "1 a 200/SUBSCRIBE 1 a b x=60 ev=presence fromepid=aa11 toepid=bb22",
    };
    assert_int_equal(watch_lines(lines, 2, EVENT_DIALOG, check_learned), 2);
}

static void check_request_view(const struct event *event)
{
    const struct request_view *view = event->message->request_kept;
    if (event->message->request) {
        assert_null(view);
        return;
    }
    assert_non_null(view);
    assert_int_equal(view->method, SIP_PUBLISH);
    assert_int_equal(view->origin.record, 1);
    assert_slice_equal(view->uri, "sip:fay@x");
    assert_slice_equal(view->event, "presence");
    assert_slice_equal(view->if_match, "e-1");
    assert_slice_equal(view->from_user, "fay@x");
    assert_slice_equal(view->to_user, "bo@contoso.example");
    assert_slice_equal(view->from_epid, "aa11");
    assert_int_equal(view->expires, 600);
    assert_int_equal(view->flags, SIP_HAS_CREDENTIALS);
    assert_false(view->contact_star);
    assert_int_equal(event->message->observation_count, event->origin.record - 1);
    assert_int_equal(event->message->observations[0].origin.record, 2);
}

static void response_points_to_its_request(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "0 A PUBLISH 1 a - x=600 ev=presence match=e-1 from=fay@x uri=sip:fay@x fromepid=aa11 auth",
        "1 a 200/PUBLISH 1 a b x=300",
        "2 b 200/PUBLISH 1 a b x=300",
    };
    assert_int_equal(watch_lines(lines, 3, EVENT_MESSAGE, check_request_view), 3);
}

/* ---- identifiers without measure ---- */

enum { HUGE_TEXT = 200000 };

static char *huge(char fill, char last)
{
    char *text = malloc(HUGE_TEXT);
    assert_non_null(text);
    memset(text, fill, HUGE_TEXT);
    text[HUGE_TEXT - 1] = last;
    return text;
}

static void feed_huge(struct exchange *exchange, const char *call_id, struct log *log)
{
    struct made made;
    char branch[64];
    make_message(&made, "0 A MESSAGE 1 a -", 1, branch, sizeof branch);
    made.message.call_id = (struct slice){call_id, HUGE_TEXT};
    log->size = 0;
    exchange_feed(exchange, &made.message, NULL);
}

/* Call-IDs that differ only after 200,000 bytes are two; the same one again is one. */
static void long_identifiers_are_told_apart(void **state)
{
    (void)state;
    struct log log = {0};
    struct limits limits = limits_default();
    const struct event_sink sink = {log_event, &log};
    struct exchange *exchange = exchange_new(test_seed(), &limits, &sink);
    char *one = huge('x', '1');
    char *two = huge('x', '2');
    feed_huge(exchange, one, &log);
    assert_string_equal(log.text, "first 1 t1 d1; message 1 trying");
    feed_huge(exchange, two, &log);
    assert_string_equal(log.text, "first 2 t2 d2; message 2 trying");
    feed_huge(exchange, one, &log);
    assert_string_equal(log.text, "again 1 t1 d1");
    free(one);
    free(two);
    exchange_free(exchange);
}

/* Times at the edges of the type, and none at all, neither overflow nor lose a message. */
static void times_may_be_anything(void **state)
{
    (void)state;
    static const int64_t times[] = {TIME_NONE, INT64_MIN + 1, -1, 0, INT64_MAX - 1, INT64_MAX, 5};
    struct log log = {0};
    struct limits limits = limits_default();
    const struct event_sink sink = {log_event, &log};
    struct exchange *exchange = exchange_new(test_seed(), &limits, &sink);
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        struct made made;
        char branch[64];
        make_message(&made, "0 a 200/SUBSCRIBE 1 a b x=2000000000 ss=active", 1, branch,
                     sizeof branch);
        made.message.observed.origin.time = times[i];
        made.message.cseq = (uint32_t)i;
        log.size = 0;
        exchange_feed(exchange, &made.message, NULL);
        assert_non_null(strstr(log.text, "first"));
        assert_int_equal(made.message.id, i + 1);
    }
    exchange_end(exchange, INT64_MAX);
    exchange_free(exchange);
}

/* ---- floods ---- */

struct flood {
    size_t messages;
    size_t caps;
    size_t rows; /* left when the input ends */
    bool ended;
};

static void flood_event(void *context, const struct event *event)
{
    struct flood *flood = context;
    flood->messages += event->kind == EVENT_MESSAGE;
    flood->caps += event->kind == EVENT_COVERAGE;
    flood->rows += flood->ended && event->kind == EVENT_DIALOG;
}

/* Every message new in one respect, within one second: the caps hold, and are told once each. */
static size_t run_flood(const char *format, size_t *out_rows)
{
    enum { FLOOD = 20000 };
    struct flood flood = {0};
    struct limits limits = limits_default();
    limits.transactions = 50;
    limits.dialogs = 20;
    const struct event_sink sink = {flood_event, &flood};
    struct exchange *exchange = exchange_new(test_seed(), &limits, &sink);
    for (unsigned i = 0; i < FLOOD; i++) {
        char text[128];
        snprintf(text, sizeof text, format, i);
        say(exchange, text, i + 1);
    }
    flood.ended = true;
    exchange_end(exchange, 0);
    exchange_free(exchange);
    assert_int_equal(flood.messages, FLOOD);
    *out_rows = flood.rows;
    return flood.caps;
}

static void floods_stay_within_the_caps(void **state)
{
    (void)state;
    static const struct {
        const char *format;
        size_t caps; /* that are reached */
        size_t rows; /* that remain */
    } floods[] = {
        {"0 A INVITE 1 a - call=c%u", 2, 20}, /* transactions, dialogs */
        {"0 a 200/INVITE 1 a t%u", 2, 20},    /* copies (responses of one request), dialogs */
        {"0 A INVITE 1 a - br=b%u", 1, 1},    /* copies */
        {"0 A BYE 1 a t%u", 2, 20},           /* attempts, dialogs */
        {"0 A INFO %u a b", 1, 1},            /* transactions */
        {"0 a 180/INVITE 1 a t%u", 1, 1},     /* copies: early legs share a row */
        {"0 A INVITE %u a -", 1, 1},          /* transactions */
    };
    for (size_t i = 0; i < sizeof floods / sizeof floods[0]; i++) {
        size_t rows = 0;
        size_t caps = run_flood(floods[i].format, &rows);
        if (caps != floods[i].caps || rows != floods[i].rows) {
            fail_msg("%s: %zu caps, %zu rows", floods[i].format, caps, rows);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scripts_give_what_they_expect),
        cmocka_unit_test(row_of_a_notification_names_the_subscriber_first),
        cmocka_unit_test(row_learns_what_later_messages_tell),
        cmocka_unit_test(response_points_to_its_request),
        cmocka_unit_test(long_identifiers_are_told_apart),
        cmocka_unit_test(times_may_be_anything),
        cmocka_unit_test(floods_stay_within_the_caps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
