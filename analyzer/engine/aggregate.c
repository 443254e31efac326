/*
 * The aggregation of facts/presence.md 3.3, step by step. See aggregate.h.
 *
 * What the sheet leaves open is a `struct reading`; all readings that differ are
 * evaluated, some dozens at most whatever the number of inputs.
 */
#include "analyzer/engine/aggregate.h"

enum {
    ASSUMED_USER_AVAILABILITY = 3500, /* step 2 (inferred) */
    BUSY_IDLE_AVAILABILITY = 7500,    /* step 5: the number that is usual */
};

/* presence.md 8.4: clocks further apart than that cannot even sign in (NTLM; Kerberos: 5 min). */
#define CLOCKS_APART (15 * 60 * TIME_SECOND)

/* ---- sets of numbers ---- */

static void admitted_close(struct availability_range *ranges, size_t *count, size_t gap)
{
    ranges[gap].high =
        ranges[gap].high > ranges[gap + 1].high ? ranges[gap].high : ranges[gap + 1].high;
    for (size_t i = gap + 1; i + 1 < *count; i++) {
        ranges[i] = ranges[i + 1];
    }
    (*count)--;
}

static size_t narrowest_gap(const struct availability_range *ranges, size_t count)
{
    size_t best = 0;
    for (size_t i = 1; i + 1 < count; i++) {
        if (ranges[i + 1].low - ranges[i].high < ranges[best + 1].low - ranges[best].high) {
            best = i;
        }
    }
    return best;
}

void admitted_add(struct admitted *admitted, int64_t low, int64_t high)
{
    struct availability_range ranges[ADMITTED_RANGES + 1];
    size_t count = 0;
    while (count < admitted->count && admitted->ranges[count].low <= low) {
        ranges[count] = admitted->ranges[count];
        count++;
    }
    size_t place = count;
    ranges[count++] = (struct availability_range){low, high};
    for (size_t i = place; i < admitted->count; i++) {
        ranges[count++] = admitted->ranges[i];
    }
    for (size_t i = 0; i + 1 < count;) {
        if (ranges[i + 1].low <= ranges[i].high + 1) {
            admitted_close(ranges, &count, i);
        } else {
            i++;
        }
    }
    if (count > ADMITTED_RANGES) {
        admitted_close(ranges, &count, narrowest_gap(ranges, count));
    }
    admitted->count = count;
    for (size_t i = 0; i < count; i++) {
        admitted->ranges[i] = ranges[i];
    }
}

static void admit_band(struct admitted *admitted, enum band band)
{
    admitted_add(admitted, band_rows()[band].low, band_rows()[band].high);
}

void admitted_add_pidf(struct admitted *admitted, const struct state_value *value)
{
    if (value->availability == AVAILABILITY_NONE) {
        return;
    }
    admit_band(admitted, band_of(value->availability));
    struct slice shown = state_value_activity(value, value->availability);
    if (slice_equal_nocase(shown, slice_of("presentation"))) {
        admit_band(admitted, BAND_DO_NOT_DISTURB);
    }
}

bool aggregate_admits(const struct admitted *admitted, int64_t availability, struct slice activity)
{
    if (availability == AVAILABILITY_NONE || admitted->count == 0) {
        return true;
    }
    if (band_of(availability) == BAND_AWAY && slice_equal_nocase(activity, slice_of("off-work"))) {
        return true;
    }
    for (size_t i = 0; i < admitted->count; i++) {
        if (availability >= admitted->ranges[i].low && availability <= admitted->ranges[i].high) {
            return true;
        }
    }
    return false;
}

/* ---- steps 1 and 2: which machine, which user state ---- */

struct survey {
    const struct aggregate_input *inputs;
    size_t count;
    const struct aggregate_situation *situation;
    const struct aggregate_input *machine;       /* the most active; of equals the newest */
    const struct aggregate_input *machine_first; /* ... and the oldest of these */
    const struct aggregate_input *user;          /* the newest */
    const struct aggregate_input *user_under;    /* the newest of the other lifetime; NULL */
    bool native; /* something that is no PIDF publication says a number */
    bool pidf;   /* a PIDF publication does */
};

static bool says(const struct aggregate_input *input, enum state_kind kind)
{
    return input->value->kind == kind && input->value->availability != AVAILABILITY_NONE;
}

static void survey_machine(struct survey *survey, const struct aggregate_input *input)
{
    const struct aggregate_input *best = survey->machine;
    if (!best || input->value->availability < best->value->availability) {
        survey->machine = survey->machine_first = input;
    } else if (input->value->availability == best->value->availability) {
        survey->machine = input->published > best->published ? input : best;
        if (input->published < survey->machine_first->published) {
            survey->machine_first = input;
        }
    }
}

static struct survey survey_of(const struct aggregate_input *inputs, size_t count,
                               const struct aggregate_situation *situation)
{
    struct survey survey = {.inputs = inputs, .count = count, .situation = situation};
    for (size_t i = 0; i < count; i++) {
        const struct aggregate_input *input = &inputs[i];
        bool number = input->value->availability != AVAILABILITY_NONE;
        survey.native = survey.native || (number && !input->pidf);
        survey.pidf = survey.pidf || (number && input->pidf);
        if (says(input, STATE_MACHINE)) {
            survey_machine(&survey, input);
        } else if (says(input, STATE_USER) &&
                   (!survey.user || input->published > survey.user->published)) {
            survey.user = input;
        }
    }
    for (size_t i = 0; i < count; i++) {
        const struct aggregate_input *input = &inputs[i];
        const struct aggregate_input *under = survey.user_under;
        if (input != survey.user && says(input, STATE_USER) &&
            (input->timed != survey.user->timed || input->published == survey.user->published) &&
            (!under || input->published > under->published)) {
            survey.user_under = input;
        }
    }
    return survey;
}

/* ---- step 3: what is newer than the user's choice ---- */

enum age { AGE_OLDER, AGE_UNCLEAR, AGE_NEWER };

static enum age age_of(int64_t published, bool stamped, const struct aggregate_input *user)
{
    if (!user) {
        return AGE_NEWER;
    }
    bool newer = published > user->published;
    uint64_t apart = newer ? (uint64_t)published - (uint64_t)user->published
                           : (uint64_t)user->published - (uint64_t)published;
    if (apart == 0 || (stamped != user->stamped && apart < (uint64_t)CLOCKS_APART)) {
        return AGE_UNCLEAR;
    }
    return newer ? AGE_NEWER : AGE_OLDER;
}

/* What is done with an order that is not clear. */
enum unclear { UNCLEAR_BY_NUMBER, UNCLEAR_COUNTS, UNCLEAR_IS_OLDER };

/* How PIDF publications join; presence.md 3.5 leaves it open. The first is the first choice. */
enum joining { PIDF_AS_CALL, PIDF_STAYS_OUT, PIDF_ALWAYS_COUNTS, JOININGS };

/* One way to read what is open. */
struct reading {
    const struct aggregate_input *user;  /* NULL: there is none */
    const struct aggregate_input *under; /* a second user state that takes part; NULL */
    bool assume;                         /* Available where there is no user state */
    enum joining pidf;
    bool machine; /* the machine is newer than the user's choice */
    enum unclear unclear;
};

static bool is_call_or_meeting(enum state_kind kind)
{
    return kind == STATE_PHONE || kind == STATE_CALENDAR || kind == STATE_CONFERENCE;
}

static bool is_newer(const struct aggregate_input *input, const struct reading *reading)
{
    switch (age_of(input->published, input->stamped, reading->user)) {
    case AGE_OLDER:
        return false;
    case AGE_NEWER:
        return true;
    default:
        return reading->unclear == UNCLEAR_BY_NUMBER ? input->published >= reading->user->published
                                                     : reading->unclear == UNCLEAR_COUNTS;
    }
}

/* A call or a meeting that takes part. */
static bool counts(const struct aggregate_input *input, const struct reading *reading)
{
    if (!is_call_or_meeting(input->value->kind) ||
        input->value->availability == AVAILABILITY_NONE) {
        return false;
    }
    if (input->pidf && reading->pidf != PIDF_AS_CALL) {
        return reading->pidf == PIDF_ALWAYS_COUNTS;
    }
    return is_newer(input, reading);
}

/* ---- step 4: the least available ---- */

struct outcome {
    int64_t availability;                 /* AVAILABILITY_NONE: nothing takes part */
    int64_t busiest;                      /* without the machine */
    const struct aggregate_input *winner; /* gave the availability; NULL = it was assumed */
};

static void take_highest(struct outcome *outcome, const struct aggregate_input *input)
{
    int64_t number = input->value->availability;
    if (number > outcome->availability || (!outcome->winner && number == outcome->availability)) {
        outcome->availability = number;
        outcome->winner = input;
    }
}

static struct outcome evaluate(const struct survey *survey, const struct reading *reading)
{
    struct outcome outcome = {.availability = AVAILABILITY_NONE};
    if (reading->user) {
        take_highest(&outcome, reading->user);
    } else if (reading->assume) {
        outcome.availability = ASSUMED_USER_AVAILABILITY;
    }
    if (reading->under) {
        take_highest(&outcome, reading->under);
    }
    for (size_t i = 0; i < survey->count; i++) {
        if (counts(&survey->inputs[i], reading)) {
            take_highest(&outcome, &survey->inputs[i]);
        }
    }
    outcome.busiest = outcome.availability;
    if (survey->machine && reading->machine) {
        take_highest(&outcome, survey->machine);
    }
    return outcome;
}

/* ---- step 5: busy or available where nobody is ---- */

static enum band machine_band(const struct survey *survey)
{
    return survey->machine ? band_of(survey->machine->value->availability) : BAND_UNKNOWN;
}

static void admit(struct admitted *admitted, const struct survey *survey,
                  const struct outcome *outcome)
{
    if (outcome->availability == AVAILABILITY_NONE) {
        return;
    }
    if (outcome->winner && outcome->winner->pidf) {
        admitted_add_pidf(admitted, outcome->winner->value);
    } else {
        admitted_add(admitted, outcome->availability, outcome->availability);
    }
    enum band busiest = band_of(outcome->busiest);
    enum band machine = machine_band(survey);
    if (busiest == BAND_BUSY && machine == BAND_AVAILABLE_IDLE) {
        admit_band(admitted, BAND_BUSY);
        admit_band(admitted, BAND_BUSY_IDLE);
    } else if (busiest == BAND_BUSY && machine == BAND_AWAY) {
        admit_band(admitted, BAND_BUSY_IDLE);
    } else if (busiest == BAND_AVAILABLE && machine == BAND_AWAY) {
        admit_band(admitted, BAND_AVAILABLE_IDLE);
    }
}

/* ---- all readings ---- */

enum { MAY_COUNT = 1 << AGE_NEWER, MAY_BE_OLDER = 1 << AGE_OLDER, EITHER = 1 << AGE_UNCLEAR };

/* Whether the machine may count beside this user state, and whether it may not. */
static unsigned machine_ages(const struct survey *survey, const struct aggregate_input *user)
{
    const struct aggregate_situation *situation = survey->situation;
    unsigned ages =
        1U << age_of(survey->machine->published, survey->machine->stamped, user) |
        1U << age_of(survey->machine_first->published, survey->machine_first->stamped, user);
    if (user && situation->machine_clock == MACHINE_CHANGED) {
        ages |= 1U << age_of(situation->machine_changed, situation->machine_stamped, user);
    } else if (user && situation->machine_clock == MACHINE_TIME_UNKNOWN) {
        ages |= EITHER;
    }
    return ages & EITHER ? MAY_COUNT | MAY_BE_OLDER : ages;
}

static void admit_machine(struct admitted *admitted, const struct survey *survey,
                          struct reading reading)
{
    unsigned ages = survey->machine ? machine_ages(survey, reading.user) : MAY_BE_OLDER;
    for (int with = 0; with < 2; with++) {
        if (ages & (with ? MAY_COUNT : MAY_BE_OLDER)) {
            reading.machine = with;
            struct outcome outcome = evaluate(survey, &reading);
            admit(admitted, survey, &outcome);
        }
    }
}

static void admit_users(struct admitted *admitted, const struct survey *survey,
                        struct reading reading)
{
    reading.user = survey->user;
    reading.assume = survey->native;
    admit_machine(admitted, survey, reading);
    if (!survey->user) {
        reading.assume = false;
        admit_machine(admitted, survey, reading);
    } else if (survey->user_under) {
        reading.under = survey->user_under;
        admit_machine(admitted, survey, reading);
        reading.under = NULL;
        reading.user = survey->user_under;
        admit_machine(admitted, survey, reading);
    }
}

/* Whether a call or a meeting stands beside a user state of about the same time. */
static bool order_is_unclear(const struct survey *survey)
{
    for (size_t i = 0; survey->user && i < survey->count; i++) {
        const struct aggregate_input *input = &survey->inputs[i];
        if (is_call_or_meeting(input->value->kind) &&
            (age_of(input->published, input->stamped, survey->user) == AGE_UNCLEAR ||
             (survey->user_under &&
              age_of(input->published, input->stamped, survey->user_under) == AGE_UNCLEAR))) {
            return true;
        }
    }
    return false;
}

static struct admitted admit_all(const struct survey *survey)
{
    struct admitted admitted = {.count = 0};
    int joinings = survey->pidf && survey->native ? JOININGS : 1;
    for (int joining = PIDF_AS_CALL; joining < joinings; joining++) {
        struct reading reading = {.pidf = (enum joining)joining};
        int last = order_is_unclear(survey) ? UNCLEAR_IS_OLDER : UNCLEAR_BY_NUMBER;
        for (int unclear = UNCLEAR_BY_NUMBER; unclear <= last; unclear++) {
            reading.unclear = (enum unclear)unclear;
            admit_users(&admitted, survey, reading);
        }
    }
    return admitted;
}

/* ---- the first choice ---- */

static struct reading first_reading(const struct survey *survey)
{
    struct reading reading = {.user = survey->user, .assume = survey->native};
    reading.machine = survey->machine && is_newer(survey->machine, &reading);
    return reading;
}

static bool is_busy_idle(const struct survey *survey, const struct reading *reading,
                         const struct outcome *outcome)
{
    return reading->machine && band_of(outcome->busiest) == BAND_BUSY &&
           machine_band(survey) == BAND_AVAILABLE_IDLE;
}

static enum aggregate_step step_of(const struct outcome *outcome)
{
    if (!outcome->winner) {
        return STEP_ASSUMED;
    }
    switch (outcome->winner->value->kind) {
    case STATE_USER:
        return STEP_USER_STATE;
    case STATE_MACHINE:
        return STEP_MACHINE;
    case STATE_CONFERENCE:
        return STEP_CONFERENCE;
    case STATE_CALENDAR:
        return STEP_CALENDAR;
    default:
        return STEP_PHONE;
    }
}

/* The activity of an input that the number admits; out-of-office is never shown below 12000. */
static struct slice activity_at(const struct aggregate_input *input, int64_t availability)
{
    struct slice token = state_value_activity(input->value, availability);
    bool hidden = availability < band_rows()[BAND_BE_RIGHT_BACK].low &&
                  slice_equal_nocase(token, slice_of("out-of-office"));
    return hidden ? (struct slice){0} : token;
}

/* Step 6: the winner's own activity first, then the newest that fits. */
static struct slice choose_activity(const struct survey *survey, const struct outcome *outcome,
                                    int64_t availability)
{
    struct slice activity = {0};
    if (outcome->winner) {
        activity = activity_at(outcome->winner, availability);
    }
    if (activity.size > 0) {
        return activity;
    }
    int64_t newest = INT64_MIN;
    for (size_t i = 0; i < survey->count; i++) {
        const struct aggregate_input *input = &survey->inputs[i];
        if (input != survey->user && !is_call_or_meeting(input->value->kind)) {
            continue;
        }
        struct slice token = activity_at(input, availability);
        if (token.size > 0 && input->published >= newest) {
            newest = input->published;
            activity = token;
        }
    }
    return activity;
}

static enum input_verdict verdict_of_input(const struct survey *survey,
                                           const struct reading *reading,
                                           const struct outcome *outcome,
                                           const struct aggregate_input *input)
{
    if (input->value->availability == AVAILABILITY_NONE) {
        return INPUT_NO_NUMBER;
    }
    if (input == outcome->winner) {
        return survey->situation->gone ? INPUT_COUNTED : INPUT_DECIDED;
    }
    switch (input->value->kind) {
    case STATE_USER:
        return input == reading->user ? INPUT_COUNTED : INPUT_SUPERSEDED;
    case STATE_MACHINE:
        if (input != survey->machine) {
            return INPUT_OTHER_MACHINE;
        }
        return reading->machine ? INPUT_COUNTED : INPUT_OLDER;
    default:
        return counts(input, reading) ? INPUT_COUNTED : INPUT_OLDER;
    }
}

/* Step 0: what the server publishes then is not known, nor what outlives the last endpoint. */
static void apply_gone(struct aggregate *aggregate)
{
    aggregate->known = true;
    aggregate->availability = band_rows()[BAND_OFFLINE].usual;
    aggregate->activity = (struct slice){0};
    aggregate->step = STEP_NO_ENDPOINT;
    admit_band(&aggregate->admitted, BAND_OFFLINE);
}

struct aggregate aggregate_inputs(const struct aggregate_input *inputs, size_t count,
                                  const struct aggregate_situation *situation,
                                  enum input_verdict *verdicts)
{
    struct survey survey = survey_of(inputs, count, situation);
    struct reading reading = first_reading(&survey);
    struct outcome outcome = evaluate(&survey, &reading);
    for (size_t i = 0; verdicts && i < count; i++) {
        verdicts[i] = verdict_of_input(&survey, &reading, &outcome, &inputs[i]);
    }
    struct aggregate aggregate = {.availability = AVAILABILITY_NONE, .machine = AVAILABILITY_NONE};
    if (survey.machine) {
        aggregate.machine = survey.machine->value->availability;
    }
    if (survey.native || survey.pidf) {
        bool busy_idle = is_busy_idle(&survey, &reading, &outcome);
        aggregate.known = true;
        aggregate.availability = busy_idle ? BUSY_IDLE_AVAILABILITY : outcome.availability;
        aggregate.activity = choose_activity(&survey, &outcome, aggregate.availability);
        aggregate.step = busy_idle ? STEP_BUSY_IDLE : step_of(&outcome);
        aggregate.admitted = admit_all(&survey);
    }
    if (situation->gone) {
        apply_gone(&aggregate);
    }
    return aggregate;
}
