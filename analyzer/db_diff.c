/*
 * `ocsight db diff A B`. See db_diff.h.
 */
#include "analyzer/db_diff.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "analyzer/commands/run.h"
#include "analyzer/db_diff_rows.h"
#include "analyzer/engine/bands.h"
#include "analyzer/redacted_peer.h"
#include "analyzer/rows_feed.h"
#include "analyzer/rows_person.h"
#include "reports/table.h"
#include "sql/snapshot.h"
#include "sql/snapshot_tables.h"

enum { FORMATS = 1U << REPORT_TEXT | 1U << REPORT_JSON | 1U << REPORT_CSV };
enum { CHOSEN_MOST = 60, QUESTION_COLUMNS = 6, PROBLEM_SIZE = 400 };

/* What an administrator asks; the order is that of the output. */
struct question {
    const char *name;
    const char *statement; /* NULL = asked of the engine */
    const char *key[QUESTION_COLUMNS];
    const char *values[QUESTION_COLUMNS];
    const char *added;
    const char *removed;
};

/* clang-format off */
static const struct question questions[] = {
    {"sign-in", NULL, {"user"}, {NULL}, "signed in", "signed out"},
    {"presence", NULL, {"user"}, {"band"}, "has presence", "has none"},
    {"registration", "live/online", {"UserAtHost", "EndpointId"}, {"ClientApp", "Fqdn"},
     "registered", "gone"},
    {"room", "live/rooms", {"nodeID"},
     {"nodeName", "Category", "disabled", "behavior", "visibility"}, "new", "gone"},
    {"member", "live/members", {"nodeID", "rtypeDesc", "GrantedTo", "EffectiveUser"},
     {"nodeName", "prinDisabled"}, "new", "gone"},
    {"compliance", "live/compliance", {"cmplEventID"},
     {"cmplType", "cmplChannelUri", "cmplUserUri", "ServersDone"}, "new", "processed"},
};
/* clang-format on */

enum { SIGN_IN, PRESENCE, QUESTIONS = sizeof questions / sizeof questions[0] };

/* The same server in both snapshots. */
struct pair {
    struct peer *sides[2];
};

struct diff {
    const struct options *options;
    struct limits limits;
    struct map_seed seed;
    struct snapshot *sides[2];
    struct pair *pairs;
    size_t pair_count;
    struct diff_rows *rows;
    struct table *table;
    struct slice *remarks;
    size_t remark_count;
    struct buffer key;   /* scratch */
    struct buffer words; /* scratch */
    char problem[PROBLEM_SIZE];
};

static void remark(struct diff *diff, const char *text)
{
    diff->remarks = memory_grow(diff->remarks, diff->remark_count + 1, sizeof *diff->remarks);
    diff->remarks[diff->remark_count++] = memory_keep(slice_of(text));
}

static void add_row(struct diff *diff, const struct diff_place *place)
{
    if (!diff_rows_add(diff->rows, place, buffer_slice(&diff->key), buffer_slice(&diff->words))) {
        snprintf(diff->problem, sizeof diff->problem, "temporary file: %s",
                 diff_rows_problem(diff->rows));
    }
}

/* ---- presence: what the engine makes of each side's rows ---- */

struct seeing {
    enum band band;
    int64_t availability;
};

static void see_change(void *context, const struct change *change)
{
    struct seeing *seeing = context;
    if (change->kind == CHANGE_PRESENCE) {
        seeing->band = change->as.presence.band;
        seeing->availability = change->as.presence.availability;
    }
}

static struct seeing see(const struct diff *diff, const struct live_person *person, int64_t now)
{
    struct seeing seeing = {BAND_UNKNOWN, -1};
    const struct change_sink changes = {see_change, &seeing};
    (void)rows_person_tell(person, now, diff->seed, &diff->limits, &changes);
    return seeing;
}

static void add_person(struct diff *diff, int side, const struct live_person *person, int64_t now)
{
    struct seeing seeing = see(diff, person, now);
    struct diff_place place = {side, SIGN_IN, slice_of("")};
    buffer_clear(&diff->key);
    buffer_clear(&diff->words);
    buffer_append(&diff->key, person->user);
    if (live_is_registered(person)) {
        add_row(diff, &place);
    }
    if (seeing.band != BAND_UNKNOWN) {
        char words[64];
        const char *title = band_title(seeing.band);
        snprintf(words, sizeof words, seeing.availability >= 0 ? "%s (%" PRId64 ")" : "%s", title,
                 seeing.availability);
        buffer_append_text(&diff->words, words);
        place.part = PRESENCE;
        add_row(diff, &place);
    }
}

static int64_t taken_last(const struct snapshot *snapshot)
{
    int64_t last = TIME_NONE;
    for (size_t i = 0; i < snapshot_count(snapshot); i++) {
        int64_t taken = snapshot_taken(snapshot, i);
        last = taken > last ? taken : last;
    }
    return last;
}

static void add_presence(struct diff *diff, int side)
{
    struct live_person person;
    const struct rows_options options = {
        .now = taken_last(diff->sides[side]), .seed = diff->seed, .limits = &diff->limits};
    struct rows_feed *feed = rows_feed_new(&options, diff->problem, sizeof diff->problem);
    for (size_t i = 0; feed && i < diff->pair_count; i++) {
        struct peer_answer answer = rows_feed_gather(feed, diff->pairs[i].sides[side]);
        if (answer.fault != PEER_FINE) {
            remark(diff, answer.problem);
        }
    }
    while (feed && rows_feed_next(feed, &person)) {
        add_person(diff, side, &person, options.now);
    }
    rows_feed_free(feed);
}

/*
 * Only where every server has the same tables on both sides: what one side could not see would
 * look like a change.
 */
static void compare_presence(struct diff *diff)
{
    static const char *const tables[] = {"rtc.Resource", "rtc.PublishedStaticInstance",
                                         "rtcdyn.PublishedInstance", "rtcdyn.RegistrarEndpoint"};
    for (size_t i = 0; i < diff->pair_count; i++) {
        const struct pair *pair = &diff->pairs[i];
        for (size_t at = 0; at < sizeof tables / sizeof tables[0]; at++) {
            struct slice path = slice_of(tables[at]);
            if (!columns_find(peer_columns(pair->sides[0]), path) !=
                !columns_find(peer_columns(pair->sides[1]), path)) {
                remark(diff, "sign-in and presence are not compared: their tables are not the same "
                             "in both snapshots");
                return;
            }
        }
    }
    add_presence(diff, 0);
    add_presence(diff, 1);
}

/* ---- questions that a statement answers ---- */

struct asking {
    struct diff *diff;
    struct diff_place place;
    const char *const *key;
    const char *const *values;
};

/* The key of a question stands without the names of its columns. */
static void put_bare(struct buffer *out, const struct cell *cell)
{
    char number[24];
    buffer_append_text(out, out->size > 0 ? ", " : "");
    if (cell->kind == CELL_INTEGER) {
        snprintf(number, sizeof number, "%" PRId64, cell->integer);
        buffer_append_text(out, number);
    } else {
        buffer_append(out, slice_sub(cell_bytes(cell), 0, 200));
    }
}

static bool take_answer(void *context, const struct peer_row *row)
{
    struct asking *asking = context;
    struct diff *diff = asking->diff;
    buffer_clear(&diff->key);
    buffer_clear(&diff->words);
    for (size_t i = 0; i < QUESTION_COLUMNS && asking->key[i]; i++) {
        put_bare(&diff->key, row_cell(row, asking->key[i]));
    }
    for (size_t i = 0; i < QUESTION_COLUMNS && asking->values[i]; i++) {
        struct cell cell = *row_cell(row, asking->values[i]);
        if (cell.kind == CELL_BYTES) {
            cell.kind = CELL_TEXT; /* ClientApp is a text that a binary column holds */
        }
        diff_put_cell(&diff->words, asking->values[i], &cell);
    }
    add_row(diff, &asking->place);
    return diff->problem[0] == '\0';
}

static struct peer_answer ask_question(int part, struct peer *peer, const struct row_sink *sink)
{
    const struct query_parameter parameters[] = {
        {"@user", cell_of_text(slice_of("%"))},
        {"@room", cell_of_text(slice_of("%"))},
        {"@node", cell_of_integer(-1)},
    };
    const struct query query = {
        .statement = questions[part].statement,
        .parameters = parameters,
        .parameter_count = sizeof parameters / sizeof parameters[0],
    };
    return peer_ask(peer, &query, sink);
}

static bool stop(void *context, const struct peer_row *row)
{
    (void)context;
    (void)row;
    return false;
}

static void take_question(struct diff *diff, int side, int part, struct peer *peer,
                          struct slice server)
{
    const struct question *question = &questions[part];
    struct asking asking = {diff, {side, part, server}, question->key, question->values};
    const struct row_sink sink = {&asking, take_answer};
    struct peer_answer answer = ask_question(part, peer, &sink);
    if (answer.fault != PEER_FINE && diff->problem[0] == '\0') {
        snprintf(diff->problem, sizeof diff->problem, "%s: %s", question->name, answer.problem);
    }
}

/* A side that cannot be asked has not lost its rows: then nothing is compared. */
static void compare_question(struct diff *diff, int part, const struct pair *pair)
{
    const struct row_sink sink = {NULL, stop};
    bool missing[2];
    for (int side = 0; side < 2; side++) {
        missing[side] = ask_question(part, pair->sides[side], &sink).fault == PEER_MISSING;
    }
    struct slice server = peer_name(pair->sides[1]);
    if (missing[0] != missing[1]) {
        char words[200];
        snprintf(words, sizeof words, "%.*s: %s is not compared: one snapshot lacks its tables",
                 (int)slice_sub(server, 0, 80).size, server.data, questions[part].name);
        remark(diff, words);
    }
    for (int side = 0; side < 2 && !missing[0] && !missing[1]; side++) {
        take_question(diff, side, part, pair->sides[side], server);
    }
}

/* ---- tables ---- */

struct copying {
    struct diff *diff;
    struct diff_place place;
    const struct kept_table *table;
    const struct column_row *const *chosen;
    size_t count;
};

static bool is_key(const struct kept_table *table, struct slice name)
{
    for (size_t i = 0; i < TABLE_KEY_COLUMNS && table->key[i]; i++) {
        if (slice_equal_nocase(slice_of(table->key[i]), name)) {
            return true;
        }
    }
    return false;
}

static bool take_table_row(void *context, const struct peer_row *row)
{
    struct copying *copying = context;
    struct diff *diff = copying->diff;
    buffer_clear(&diff->key);
    buffer_clear(&diff->words);
    for (size_t i = 0; i < row->count; i++) {
        bool key = is_key(copying->table, copying->chosen[i]->name);
        diff_put_cell(key ? &diff->key : &diff->words, row->names[i], &row->cells[i]);
    }
    add_row(diff, &copying->place);
    return diff->problem[0] == '\0';
}

/* The columns of a table that both sides have. */
static size_t choose(const struct columns *columns, const struct columns *others, struct slice path,
                     const struct column_row *chosen[static CHOSEN_MOST])
{
    size_t count = 0;
    const struct column_row *first = columns_find(columns, path);
    for (size_t i = 0; first && i < columns_count(columns) && count < CHOSEN_MOST; i++) {
        const struct column_row *column = columns_at(columns, i);
        char name[400];
        int size = snprintf(name, sizeof name, "%.*s.%.*s", (int)path.size, path.data,
                            (int)slice_sub(column->name, 0, 128).size, column->name.data);
        if (slice_equal_nocase(column->database, first->database) &&
            slice_equal_nocase(column->table, first->table) && size > 0 &&
            columns_find(others, (struct slice){name, (size_t)size})) {
            chosen[count++] = column;
        }
    }
    return count;
}

static void copy_table(struct diff *diff, const struct diff_place *place, struct peer *peer,
                       struct peer *other, const struct kept_table *table)
{
    const struct column_row *chosen[CHOSEN_MOST];
    struct slice path = slice_of(table->path);
    size_t count = choose(peer_columns(peer), peer_columns(other), path, chosen);
    struct copying copying = {diff, *place, table, chosen, count};
    const struct query query = {
        .statement = "live/table", .columns = chosen, .column_count = count};
    const struct row_sink sink = {&copying, take_table_row};
    if (count > 0) {
        struct peer_answer answer = peer_ask(peer, &query, &sink);
        if (answer.fault != PEER_FINE && diff->problem[0] == '\0') {
            snprintf(diff->problem, sizeof diff->problem, "%s: %s", table->path, answer.problem);
        }
    }
}

static void compare_table(struct diff *diff, int part, struct peer *before, struct peer *after,
                          const struct kept_table *table)
{
    struct slice path = slice_of(table->path);
    bool had = columns_find(peer_columns(before), path) != NULL;
    bool has = columns_find(peer_columns(after), path) != NULL;
    struct slice server = peer_name(after);
    if (had != has) {
        char words[200];
        snprintf(words, sizeof words, "%.*s: %s is in one of the snapshots only",
                 (int)slice_sub(server, 0, 80).size, server.data, table->path);
        remark(diff, words);
    } else if (had) {
        const struct diff_place first = {0, part, server};
        const struct diff_place second = {1, part, server};
        copy_table(diff, &first, before, after, table);
        copy_table(diff, &second, after, before, table);
    }
}

/* ---- servers ---- */

static void compare_servers(struct diff *diff, const struct pair *pair)
{
    struct peer *before = pair->sides[0];
    struct peer *after = pair->sides[1];
    if (peer_probe(before).fault != PEER_FINE || peer_probe(after).fault != PEER_FINE) {
        snprintf(diff->problem, sizeof diff->problem, "its list of columns cannot be read");
        return;
    }
    for (int part = 0; part < QUESTIONS; part++) {
        if (questions[part].statement) {
            compare_question(diff, part, pair);
        }
    }
    int part = QUESTIONS;
    for (const struct kept_table *table = kept_tables; table->path; table++, part++) {
        compare_table(diff, part, before, after, table);
    }
}

/* The server of that name; the only one of both whatever its name. */
static struct peer *partner_of(const struct diff *diff, size_t index)
{
    const struct snapshot *other = diff->sides[1];
    struct slice name = peer_name(snapshot_peer(diff->sides[0], index));
    if (snapshot_count(diff->sides[0]) == 1 && snapshot_count(other) == 1) {
        return snapshot_peer(other, 0);
    }
    for (size_t i = 0; i < snapshot_count(other); i++) {
        if (slice_equal_nocase(peer_name(snapshot_peer(other, i)), name)) {
            return snapshot_peer(other, i);
        }
    }
    return NULL;
}

static void compare(struct diff *diff)
{
    size_t count = snapshot_count(diff->sides[0]);
    diff->pairs = memory_zero(count + 1, sizeof *diff->pairs);
    for (size_t i = 0; i < count; i++) {
        struct peer *after = partner_of(diff, i);
        if (after) {
            struct pair *pair = &diff->pairs[diff->pair_count++];
            *pair = (struct pair){{snapshot_peer(diff->sides[0], i), after}};
            compare_servers(diff, pair);
        }
    }
    if (diff->pair_count < count || diff->pair_count < snapshot_count(diff->sides[1])) {
        remark(diff, "servers that are in one of the snapshots only are not compared");
    }
    compare_presence(diff);
}

/* ---- the output ---- */

static void put_text(struct table *table, struct table_cell *cell, struct slice text)
{
    *cell = (struct table_cell){.kind = text.size > 0 ? TABLE_TEXT : TABLE_NONE,
                                .text = table_keep(table, text)};
}

static const char *change_word(const struct difference *difference)
{
    const struct question *question =
        difference->part < QUESTIONS ? &questions[difference->part] : NULL;
    if (difference->had && difference->has) {
        return "changed";
    }
    return difference->has ? (question ? question->added : "added")
                           : (question ? question->removed : "removed");
}

static void put_sides(struct diff *diff, struct table_cell *cells,
                      const struct difference *difference)
{
    const struct slice sides[] = {difference->before, difference->after};
    for (size_t i = 0; i < 2; i++) {
        buffer_clear(&diff->words);
        diff_put_changed(&diff->words, sides[i],
                         difference->had && difference->has ? sides[1 - i] : slice_of(""));
        put_text(diff->table, &cells[i], buffer_slice(&diff->words));
    }
}

static void put_difference(struct diff *diff, const struct difference *difference)
{
    struct table_cell *cells = table_add(diff->table)->cells;
    bool table = difference->part >= QUESTIONS;
    put_text(diff->table, &cells[0],
             slice_of(table ? kept_tables[difference->part - QUESTIONS].path
                            : questions[difference->part].name));
    put_text(diff->table, &cells[1], slice_of(change_word(difference)));
    buffer_clear(&diff->key);
    diff_put_changed(&diff->key, difference->key, slice_of(""));
    put_text(diff->table, &cells[2], buffer_slice(&diff->key));
    put_sides(diff, &cells[3], difference);
    put_text(diff->table, &cells[5], difference->server);
}

static void write_table(struct diff *diff, const struct report_style *style, struct output *output)
{
    struct difference difference;
    bool unfinished = false;
    while (diff_rows_next(diff->rows, &difference)) {
        put_difference(diff, &difference);
    }
    for (size_t side = 0; side < 2; side++) {
        for (size_t i = 0; i < snapshot_remark_count(diff->sides[side]); i++) {
            remark(diff, redacted_peers_remark(diff->options->rows,
                                               snapshot_remark(diff->sides[side], i)));
            unfinished = true;
        }
    }
    const struct table_head head = {
        .schema = "ocsight.db-diff/1",
        .report = "diff",
        .title = "what changed from one snapshot to the other",
        .remarks = diff->remarks,
        .remark_count = diff->remark_count,
        .partial = unfinished,
    };
    table_write(diff->table, style, &head, output);
}

static bool open_sides(struct diff *diff, enum exit_status *status)
{
    for (size_t side = 0; side < 2; side++) {
        diff->sides[side] = snapshot_open(diff->options->words[side + 1], diff->problem);
        if (!diff->sides[side]) {
            fprintf(stderr, "ocsight: %s\n", diff->problem);
            *status = EXIT_INPUT;
        } else {
            redacted_peers_cover_all(diff->options->rows, diff->sides[side]);
        }
    }
    diff->problem[0] = '\0';
    return diff->sides[0] && diff->sides[1];
}

static enum exit_status finish(struct diff *diff, const struct report_style *style)
{
    char problem[512];
    struct output *output = output_open(diff->options->output);
    bool whole = diff->problem[0] == '\0';
    if (whole) {
        write_table(diff, style, output);
        whole = diff_rows_problem(diff->rows)[0] == '\0';
    }
    if (!whole) {
        fprintf(stderr, "ocsight: %s\n",
                diff->problem[0] != '\0' ? diff->problem : diff_rows_problem(diff->rows));
    }
    if (!output_close(output, whole, problem, sizeof problem)) {
        fprintf(stderr, "ocsight: %s\n", problem);
        return EXIT_OUTPUT;
    }
    return whole ? EXIT_DONE : EXIT_INPUT;
}

static void dispose(struct diff *diff)
{
    for (size_t i = 0; i < diff->remark_count; i++) {
        slice_drop(&diff->remarks[i]);
    }
    free(diff->remarks);
    free(diff->pairs);
    buffer_dispose(&diff->key);
    buffer_dispose(&diff->words);
    diff_rows_free(diff->rows);
    table_free(diff->table);
    snapshot_close(diff->sides[0]);
    snapshot_close(diff->sides[1]);
}

enum exit_status db_diff(const struct options *options)
{
    /* clang-format off */
    static const struct table_column columns[] = {
        {"of", "of", 0}, {"change", "change", 0}, {"key", "which", 0},
        {"before", "before", 0}, {"after", "after", 0}, {"server", NULL, 0},
    };
    /* clang-format on */
    enum exit_status status = EXIT_DONE;
    struct report_style style;
    if (options->word_count != 3 || options->server_count > 0) {
        return run_usage("db", "db diff compares two snapshots: ocsight db diff A B");
    }
    if (!run_style(&style, "db", options, FORMATS)) {
        return EXIT_USAGE;
    }
    struct diff diff = {.options = options, .limits = limits_default(), .seed = run_seed()};
    buffer_init(&diff.key, SIZE_MAX);
    buffer_init(&diff.words, SIZE_MAX);
    diff.rows = diff_rows_new();
    diff.table = table_new(columns, sizeof columns / sizeof columns[0]);
    if (open_sides(&diff, &status)) {
        compare(&diff);
        status = finish(&diff, &style);
    }
    dispose(&diff);
    return status;
}
