/*
 * What band a user is in, and how that is known. See presence.h.
 */
#include "analyzer/engine/presence.h"

#include <stdlib.h>

#include "analyzer/engine/aggregates.h"
#include "analyzer/engine/arena.h"
#include "analyzer/engine/instances.h"
#include "analyzer/engine/publications.h"
#include "analyzer/engine/set_presence.h"
#include "analyzer/engine/users.h"

/*
 * The server computes the aggregates of all containers in one go; stamps that
 * are closer than this speak of the same publication.
 */
#define SAME_PUBLICATION TIME_SECOND

void presence_init(struct presence *presence, struct map_seed seed)
{
    *presence = (struct presence){
        .availability = AVAILABILITY_NONE,
        .inputs_published = TIME_NONE,
    };
    map_init(&presence->instances, seed);
    map_init(&presence->publications, seed);
    map_init(&presence->legacy, seed);
}

void presence_dispose(struct presence *presence)
{
    slice_drop(&presence->said.activity);
    slice_drop(&presence->before.activity);
    slice_drop(&presence->under.activity);
    slice_drop(&presence->activity);
}

/* ---- the words of a cause ---- */

static size_t put_text(char *out, size_t at, const char *text)
{
    while (*text && at < CAUSE_TEXT) {
        out[at++] = *text++;
    }
    return at;
}

static size_t put_number(char *out, size_t at, uint64_t number)
{
    char digits[20];
    size_t count = 0;
    do {
        digits[count++] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    while (count > 0 && at < CAUSE_TEXT) {
        out[at++] = digits[--count];
    }
    return at;
}

struct slice presence_cause(char out[static CAUSE_TEXT], const char *verb, const char *what,
                            int64_t availability)
{
    size_t size = put_text(out, 0, verb);
    if (*what) {
        size = put_text(out, size, " ");
        size = put_text(out, size, what);
    }
    if (availability >= 0) {
        size = put_text(out, size, " ");
        size = put_number(out, size, (uint64_t)availability);
    }
    return (struct slice){out, size};
}

/* ---- deriving ---- */

/* What is shown of a user; the activity is borrowed. */
struct view {
    enum band band;
    int64_t availability;
    struct slice activity;
    enum presence_source source;
    struct admitted admitted;
};

static struct view view_of_report(const struct presence_report *report)
{
    return (struct view){
        .band = state_band(STATE_AGGREGATE, report->availability),
        .availability = report->availability,
        .activity = report->activity,
        .source = report->source,
    };
}

/*
 * Whether what the server said stands for a user state that was published
 * before the input began: only the user's own choice explains Do not disturb or
 * Be right back, and Busy when no known input can have caused it.
 */
static bool shows_user_state(const struct presence *presence, const struct presence_report *base)
{
    if (!base->known || presence->user_state_known) {
        return false;
    }
    switch (band_of(base->availability)) {
    case BAND_DO_NOT_DISTURB:
    case BAND_BE_RIGHT_BACK:
        return base->activity.size == 0;
    case BAND_BUSY:
    case BAND_BUSY_IDLE:
        return base->moment < presence->inputs_since;
    default:
        return false;
    }
}

/* From the inputs of container 2, else of 3, PIDF among them as calls. */
static struct view view_of_inputs(struct core *core, const struct user *user,
                                  const struct presence_report *base)
{
    const struct presence *presence = &user->presence;
    uint32_t container = presence->input_counts[0] > 0 || presence->input_counts[1] == 0 ? 2 : 3;
    size_t count = aggregates_gather(core, presence, container, true, false);
    struct aggregate_input *inputs = core->scratch.inputs;
    bool only_pidf = presence->input_count == 0;
    struct state_value assumed = {.kind = STATE_USER, .availability = base->availability};
    if (!only_pidf && shows_user_state(presence, base)) {
        inputs[count++] = (struct aggregate_input){.value = &assumed, .published = INT64_MIN};
    }
    struct aggregate_situation situation = aggregates_situation(user, container);
    situation.gone = false; /* or this would not be asked: view_current() */
    struct aggregate aggregate = aggregate_inputs(inputs, count, &situation, NULL);
    if (!aggregate.known) {
        return (struct view){.band = BAND_UNKNOWN, .availability = AVAILABILITY_NONE};
    }
    return (struct view){
        .band = band_of(aggregate.availability),
        .availability = aggregate.availability,
        .activity = aggregate.activity,
        .source = only_pidf ? SOURCE_PIDF : SOURCE_COMPUTED,
        .admitted = aggregate.admitted,
    };
}

/* From what the server said and PIDF that is newer: the less available of the two. */
static struct view view_of_overlay(const struct presence_report *base,
                                   const struct state_value *pidf)
{
    struct view view = view_of_report(base);
    if (!pidf) {
        return view;
    }
    if (view.availability != AVAILABILITY_NONE) {
        admitted_add(&view.admitted, view.availability, view.availability);
    }
    if (view.band != BAND_OFFLINE && pidf->availability > view.availability) {
        admitted_add_pidf(&view.admitted, pidf);
        view.availability = pidf->availability;
        view.band = band_of(view.availability);
        view.activity = state_value_activity(pidf, view.availability);
    }
    view.source = SOURCE_COMPUTED;
    return view;
}

/* Whether the inputs say something that `base` does not yet say. */
static bool inputs_speak(const struct presence *presence, const struct presence_report *base)
{
    if (!base->known) {
        return true;
    }
    /* All inputs that came after the server's word have gone again. */
    if (presence->input_count == 0 && base->moment < presence->inputs_since) {
        return false;
    }
    return presence->inputs_moment > base->moment;
}

/* Nobody is there; what the server publishes then is not known (presence.md 3.3 step 0). */
static struct view view_of_nobody(void)
{
    struct view view = {
        .band = BAND_OFFLINE,
        .availability = AVAILABILITY_NONE,
        .source = SOURCE_COMPUTED,
    };
    const struct band_row *offline = &band_rows()[BAND_OFFLINE];
    admitted_add(&view.admitted, offline->low, offline->high);
    return view;
}

/* What an LCS 2005 level client set counts where nothing better and nothing newer is known. */
static const struct legacy_state *legacy_speaks(const struct presence *presence)
{
    const struct presence_report *said = &presence->said;
    const struct legacy_state *legacy = set_presence_leading(presence);
    bool better = presence->input_count > 0 || publications_leading(presence) ||
                  (said->known && said->rank > RANK_NOTIFIED);
    bool newer = legacy && !(said->known && said->moment >= legacy->moment);
    return newer && !better ? legacy : NULL;
}

static struct view view_of_legacy(const struct legacy_state *legacy)
{
    return (struct view){
        .band = band_of(legacy->availability),
        .availability = legacy->availability,
        .activity = legacy->activity,
        .source = SOURCE_LEGACY,
    };
}

static struct view view_current(struct core *core, const struct user *user)
{
    const struct presence *presence = &user->presence;
    const struct presence_report *said = &presence->said;
    uint64_t pidf_moment = publications_moment(presence);
    if (presence->gone_moment > 0 && !(said->known && said->moment > presence->gone_moment)) {
        return view_of_nobody();
    }
    const struct legacy_state *legacy = legacy_speaks(presence);
    if (legacy) {
        return view_of_legacy(legacy);
    }
    if (said->known && said->moment >= presence->inputs_moment && said->moment > pidf_moment) {
        return view_of_report(said);
    }
    const struct presence_report *base = pidf_moment > 0 ? &presence->before : said;
    if (inputs_speak(presence, base)) {
        return view_of_inputs(core, user, base);
    }
    return view_of_overlay(base, publications_leading(presence));
}

void presence_update(struct core *core, struct user *user, struct slice cause)
{
    struct presence *presence = &user->presence;
    struct view view = view_current(core, user);
    if (view.band == presence->band && view.availability == presence->availability &&
        view.source == presence->source && slice_equal(view.activity, presence->activity)) {
        return;
    }
    struct change change = {
        .kind = CHANGE_PRESENCE,
        .as.presence =
            {
                .user = user->uri,
                .from = presence->band,
                .band = view.band,
                .availability = view.availability,
                .activity = view.activity,
                .source = view.source,
                .admitted = view.admitted,
                .cause = cause,
            },
    };
    core_emit(core, &change);
    presence->band = view.band;
    presence->availability = view.availability;
    presence->source = view.source;
    slice_replace(&presence->activity, view.activity);
}

void presence_touch(struct core *core, struct user *user, int input)
{
    struct presence *presence = &user->presence;
    presence->inputs_moment = core->moment;
    if (input > 0 && presence->input_count++ == 0) {
        presence->inputs_since = core->moment;
    } else if (input < 0) {
        presence->input_count--;
    }
}

/* ---- what the server said ---- */

/* Of two watchers' copies of one publication: Offline may be a block, a bare number a container. */
static bool says_more(const struct presence_report *a, const struct presence_report *b)
{
    bool a_offline = state_band(STATE_AGGREGATE, a->availability) == BAND_OFFLINE;
    bool b_offline = state_band(STATE_AGGREGATE, b->availability) == BAND_OFFLINE;
    if (a_offline || b_offline) {
        return !a_offline;
    }
    if (a->availability != b->availability) {
        return a->availability > b->availability;
    }
    return a->activity.size > 0 && b->activity.size == 0;
}

/* A watcher's copy must not undo what is known better or is newer by the server's own clock. */
static bool copy_counts(const struct presence *presence, const struct presence_report *copy)
{
    const struct presence_report *said = &presence->said;
    if (copy->published == TIME_NONE) {
        return true;
    }
    if (presence->inputs_published != TIME_NONE && presence->inputs_moment > said->moment &&
        copy->published < time_add(presence->inputs_published, -SAME_PUBLICATION)) {
        return false;
    }
    if (!said->known || said->published == TIME_NONE) {
        return true;
    }
    if (copy->published < time_add(said->published, -SAME_PUBLICATION)) {
        return false;
    }
    if (copy->published > time_add(said->published, SAME_PUBLICATION)) {
        return true;
    }
    return said->source == SOURCE_NOTIFIED && says_more(copy, said);
}

/* A legacy notification says less than any other: only where nothing else fits any more. */
static bool legacy_counts(const struct presence *presence, const struct presence_report *report)
{
    const struct presence_report *said = &presence->said;
    if (presence->input_count > 0) {
        return false;
    }
    return !said->known || said->source == SOURCE_LEGACY ||
           (said->rank == RANK_NOTIFIED &&
            state_band(STATE_AGGREGATE, said->availability) != band_of(report->availability));
}

static bool report_counts(const struct presence *presence, const struct presence_report *report)
{
    const struct presence_report *said = &presence->said;
    if (report->source == SOURCE_LEGACY) {
        return legacy_counts(presence, report);
    }
    if (report->rank == RANK_NOTIFIED) {
        return copy_counts(presence, report);
    }
    return !said->known || said->rank == RANK_NOTIFIED || report->rank >= said->rank;
}

static void report_keep(struct presence_report *kept, const struct presence_report *report)
{
    struct slice activity = kept->activity;
    slice_replace(&activity, report->activity);
    *kept = *report;
    kept->activity = activity;
}

/* Whether a live PIDF publication is why the server says this. */
static bool explained_by_pidf(const struct presence *presence, const struct presence_report *report)
{
    const struct state_value *pidf = publications_leading(presence);
    return pidf && band_of(pidf->availability) == band_of(report->availability);
}

/*
 * What comes back when the publication ends. Something less available than the
 * publication hides what lies under it; once the publication is all that the
 * server shows again, that something is over.
 */
static void keep_before(struct presence *presence, const struct presence_report *told)
{
    struct presence_report *before = &presence->before;
    const struct state_value *pidf = publications_leading(presence);
    if (!pidf) {
        presence->under.known = false;
        report_keep(before, told);
    } else if (!explained_by_pidf(presence, told)) {
        if (before->known && before->availability <= pidf->availability) {
            report_keep(&presence->under, before);
        }
        report_keep(before, told);
    } else if (before->known && before->availability > pidf->availability) {
        report_keep(before, &presence->under);
    }
}

/* Derives with what the server said as the cause. */
static void tell_cause(struct core *core, struct user *user, const struct presence_report *told)
{
    char text[CAUSE_TEXT];
    const char *verb = told->rank == RANK_NOTIFIED ? "watcher was told" : "aggregateState is";
    if (told->availability == AVAILABILITY_NONE) {
        verb = "aggregateState without availability";
    }
    presence_update(core, user, presence_cause(text, verb, "", told->availability));
}

void presence_tell(struct core *core, struct user *user, const struct presence_report *report,
                   bool more)
{
    struct presence *presence = &user->presence;
    if (!report_counts(presence, report)) {
        return;
    }
    struct presence_report told = *report;
    told.known = true;
    told.moment = core->moment;
    const struct presence_report *said = &presence->said;
    /* A copy of what the owner was shown is no other source. */
    if (told.rank == RANK_NOTIFIED && said->known && said->rank > RANK_NOTIFIED &&
        told.availability == said->availability && presence->source == said->source) {
        told.source = said->source;
        told.rank = said->rank;
        told.activity = told.activity.size > 0 ? told.activity : said->activity;
    }
    report_keep(&presence->said, &told);
    keep_before(presence, &told);
    if (!more) {
        tell_cause(core, user, &told);
    }
}

void presence_completed(struct user *user, uint64_t dialog)
{
    user->presence.complete = !user->presence.missed;
    user->presence.complete_dialog = dialog;
}

void presence_incomplete(struct core *core, struct user *user)
{
    if (user->presence.complete) {
        user->presence.complete = false;
        aggregates_mark(core, user, user->presence.aggregates_shown);
    }
}

void presence_gone(struct core *core, struct user *user)
{
    user->presence.gone_moment = ++core->moment;
    presence_incomplete(core, user);
    aggregates_mark(core, user, user->presence.aggregates_shown);
    presence_update(core, user, slice_of("last endpoint left"));
}

void presence_back(struct core *core, struct user *user)
{
    if (user->presence.gone_moment > 0) {
        user->presence.gone_moment = 0;
        aggregates_mark(core, user, user->presence.aggregates_shown);
    }
}
