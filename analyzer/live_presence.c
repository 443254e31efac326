/*
 * One look at the presence that databases hold. See live_presence.h.
 */
#include "analyzer/live_presence.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/rows_person.h"
#include "analyzer/servers.h"

/* What one look gathers before anything is told. */
struct look {
    const struct live_sources *sources;
    const struct live_asking *asking;
    struct rows_feed *feed;
    struct slice *servers;
    const char **remarks; /* those of the sources, then those made here */
    size_t remark_count;
    struct arena arena; /* texts of remarks made here */
    const char **absent;
    bool *found; /* which of the users that were asked for have rows */
    bool partial;
    enum exit_status status;
};

static void add_remark(struct look *look, const struct peer *peer, const char *words)
{
    char text[512];
    struct slice name = peer_name(peer);
    int size = snprintf(text, sizeof text, "%.*s: %s", (int)(name.size < 200 ? name.size : 200),
                        name.data, words);
    size_t kept = size > 0 && (size_t)size < sizeof text ? (size_t)size : sizeof text - 1;
    look->remarks = memory_grow(look->remarks, look->remark_count + 1, sizeof *look->remarks);
    look->remarks[look->remark_count++] = arena_keep(&look->arena, (struct slice){text, kept}).data;
}

/* A database that is there but told nothing makes its tables missing: why, is worth a line. */
static void add_reasons(struct look *look, const struct peer *peer)
{
    for (size_t i = 0; i < PEER_DATABASES; i++) {
        struct slice reason = peer_reason(peer, slice_of(peer_databases[i]));
        if (reason.size > 0 && strncmp(peer_databases[i], "mgc", 3) != 0) {
            add_remark(look, peer, reason.data);
        }
    }
}

/* False when nothing of any server is whole. */
static bool gather(struct look *look)
{
    const struct live_sources *sources = look->sources;
    size_t whole = 0;
    for (size_t i = 0; i < sources->count && look->status != EXIT_INTERRUPTED; i++) {
        struct peer *peer = sources->peers[i];
        const struct peer_answer answer = rows_feed_gather(look->feed, peer);
        look->status = servers_complain(peer, &answer, look->status);
        look->servers[i] = peer_name(peer);
        if (answer.fault == PEER_CUT) {
            add_remark(look, peer, "more rows than --max-rows: only the first were read");
            look->partial = true;
        } else if (answer.fault != PEER_FINE) {
            add_remark(look, peer, answer.problem);
            look->partial = true;
            continue;
        }
        add_reasons(look, peer);
        whole++;
    }
    if (whole > 0 && !rows_feed_sees_publications(look->feed)) {
        fprintf(stderr, "ocsight: no server has a table of publications, or the login may see "
                        "none: rtcdyn.PublishedInstance, rtc.PublishedStaticInstance\n");
        look->status = EXIT_DATABASE;
        return false;
    }
    return whole > 0;
}

/* ---- telling ---- */

static bool is_plain(struct slice user)
{
    return slice_find_byte(user, '*') == SLICE_NONE;
}

/* Named on the command line, not by a pattern. */
static bool note_found(struct look *look, struct slice user)
{
    bool asked = false;
    for (size_t i = 0; i < look->asking->user_count; i++) {
        if (is_plain(look->asking->users[i]) && slice_equal(look->asking->users[i], user)) {
            look->found[i] = true;
            asked = true;
        }
    }
    return asked;
}

static void tell_person(struct look *look, const struct live_person *person, bool asked,
                        struct live_report *report)
{
    live_report_person_begin(report, asked);
    if (person->event_count > 0) {
        const struct change_sink changes = live_report_changes(report);
        (void)rows_person_tell(person, look->sources->now, look->asking->seed, look->asking->limits,
                               &changes);
    }
    live_report_person_end(report, person);
}

static void tell_missing(struct look *look, struct live_report *report)
{
    for (size_t i = 0; i < look->asking->user_count; i++) {
        const struct slice user = look->asking->users[i];
        if (is_plain(user) && !look->found[i]) {
            const struct live_person nobody = {
                .user = user, .last_register = TIME_NONE, .origin = {.time = TIME_NONE}};
            (void)note_found(look, user);
            tell_person(look, &nobody, true, report);
        }
    }
}

/* Whoever was not told yet when it ended is not "nobody": then the telling ends there. */
static void tell(struct look *look, struct live_report *report)
{
    struct live_person person;
    const volatile sig_atomic_t *interrupted = look->asking->interrupted;
    while ((!interrupted || *interrupted == 0) && rows_feed_next(look->feed, &person)) {
        tell_person(look, &person, note_found(look, person.user), report);
    }
    if (rows_feed_problem(look->feed)[0] != '\0') {
        fprintf(stderr, "ocsight: %s\n", rows_feed_problem(look->feed));
        look->status = look->status == EXIT_DONE ? EXIT_OUTPUT : look->status;
        look->partial = true;
    } else if (interrupted && *interrupted) {
        fprintf(stderr, "ocsight: interrupted: not all users were told\n");
        look->status = EXIT_INTERRUPTED;
        look->partial = true;
    } else {
        tell_missing(look, report);
    }
}

static void tell_all(struct look *look, struct live_report *report)
{
    size_t absent = rows_feed_absent_count(look->feed);
    look->absent = memory_zero(absent + 1, sizeof *look->absent);
    for (size_t i = 0; i < absent; i++) {
        look->absent[i] = rows_feed_absent(look->feed, i);
    }
    struct live_look view = {
        .servers = look->servers,
        .server_count = look->sources->count,
        .remarks = look->remarks,
        .remark_count = look->remark_count,
        .absent = look->absent,
        .absent_count = absent,
        .now = look->sources->now,
        .clock = look->sources->clock,
        .partial = look->partial,
    };
    live_report_begin(report, &view);
    tell(look, report);
    view.partial = look->partial;
    live_report_end(report);
}

static struct look look_of(const struct live_sources *sources, const struct live_asking *asking)
{
    struct look look = {
        .sources = sources,
        .asking = asking,
        .servers = memory_zero(sources->count + 1, sizeof *look.servers),
        .remarks = memory_zero(sources->remark_count + 1, sizeof *look.remarks),
        .remark_count = sources->remark_count,
        .found = memory_zero(asking->user_count + 1, sizeof *look.found),
        .partial = sources->partial,
    };
    for (size_t i = 0; i < sources->remark_count; i++) {
        look.remarks[i] = sources->remarks[i];
    }
    arena_init(&look.arena);
    return look;
}

static void look_dispose(struct look *look)
{
    rows_feed_free(look->feed);
    arena_dispose(&look->arena);
    free(look->servers);
    free(look->remarks);
    free(look->absent);
    free(look->found);
}

struct live_outcome live_presence_look(const struct live_sources *sources,
                                       const struct live_asking *asking, bool partial_too,
                                       struct live_report *report)
{
    char problem[256];
    struct look look = look_of(sources, asking);
    const struct rows_options options = {
        .users = asking->users,
        .user_count = asking->user_count,
        .now = sources->now,
        .max_rows = asking->max_rows,
        .seed = asking->seed,
        .limits = asking->limits,
    };
    bool told = false;
    look.feed = rows_feed_new(&options, problem, sizeof problem);
    if (!look.feed) {
        fprintf(stderr, "ocsight: %s\n", problem);
        look.status = EXIT_OUTPUT;
    } else if (gather(&look) && (partial_too || !look.partial)) {
        tell_all(&look, report);
        told = true;
    }
    const struct live_outcome outcome = {look.status, told, look.partial};
    look_dispose(&look);
    return outcome;
}
