/*
 * Containers and their members. See containers_report.h.
 *
 * A list in the owner's own document is what holds: a new one replaces the
 * containers that it names. What a client asks for (setContainerMembers) is
 * marked as asked until such a list confirms it.
 */
#include "reports/containers_report.h"

#include <inttypes.h>
#include <stdlib.h>

#include "reports/container_table.h"
#include "reports/presence_words.h"
#include "reports/text.h"

/* One member of one container; in the order of the lists. */
struct member {
    struct member *next;
    enum container_action action; /* CONTAINER_LISTED, or what was asked for */
    enum member_type type;
    struct slice type_text; /* texts are heap copies */
    struct slice value;
    struct origin origin;
};

struct container {
    uint32_t id;
    uint32_t version;
    bool has_version;
    uint64_t document; /* that listed it last */
    struct member *first;
    struct member **end;
};

struct owner {
    struct slice user;     /* the map's key */
    struct map containers; /* id -> struct container */
    uint64_t document;     /* counts the lists that began */
};

struct containers_report {
    struct report_style style;
    struct containers_query query;
    struct map_seed seed;
    struct map owners;  /* "user@host" -> struct owner */
    struct arena arena; /* of what is written */
    size_t limit;
    size_t rows;     /* owners, containers and members that are kept */
    uint64_t beyond; /* members that found no room */
};

/* Returns how many there were. */
static size_t members_free(struct container *container)
{
    size_t count = 0;
    while (container->first) {
        struct member *member = container->first;
        container->first = member->next;
        slice_drop(&member->type_text);
        slice_drop(&member->value);
        free(member);
        count++;
    }
    container->end = &container->first;
    return count;
}

static void container_free(void *value)
{
    members_free(value);
    free(value);
}

static void owner_free(void *value)
{
    struct owner *owner = value;
    map_dispose(&owner->containers, container_free);
    free(owner);
}

struct containers_report *containers_report_new(const struct report_style *style,
                                                const struct containers_query *query,
                                                struct map_seed seed, const struct limits *limits)
{
    struct containers_report *report = memory_zero(1, sizeof *report);
    report->style = *style;
    report->query = *query;
    report->limit = limits->report_rows;
    report->seed = seed;
    map_init(&report->owners, seed);
    arena_init(&report->arena);
    return report;
}

void containers_report_free(struct containers_report *report)
{
    map_dispose(&report->owners, owner_free);
    arena_dispose(&report->arena);
    free(report);
}

/* ---- what comes in ---- */

static bool is_wanted(const struct containers_report *report, struct slice user)
{
    const struct containers_query *query = &report->query;
    return user.size > 0 &&
           (query->user_count == 0 || slice_matches_any(query->users, query->user_count, user));
}

/* Everything that is kept counts as a row. */
static void *row_new(struct containers_report *report, size_t size)
{
    if (report->rows >= report->limit) {
        report->beyond++;
        return NULL;
    }
    report->rows++;
    return memory_zero(1, size);
}

static struct owner *owner_of(struct containers_report *report, struct slice user)
{
    struct owner *owner = map_find(&report->owners, user);
    if (!owner && (owner = row_new(report, sizeof *owner))) {
        owner->user = map_put(&report->owners, user, owner)->key;
        map_init(&owner->containers, report->seed);
    }
    return owner;
}

static struct container *container_of(struct containers_report *report, struct owner *owner,
                                      uint32_t id)
{
    uint64_t number = id;
    struct slice key = map_number_key(&number);
    struct container *container = map_find(&owner->containers, key);
    if (!container && (container = row_new(report, sizeof *container))) {
        container->id = id;
        container->end = &container->first;
        map_put(&owner->containers, key, container);
    }
    return container;
}

static void member_add(struct containers_report *report, struct container *container,
                       const struct event *event)
{
    const struct container_fact *fact = &event->as.container;
    struct member *member = row_new(report, sizeof *member);
    if (!member) {
        return;
    }
    member->action = fact->action;
    member->type = fact->type;
    member->type_text = memory_keep(fact->type_text);
    member->value = memory_keep(fact->value);
    member->origin = event->origin;
    member->origin.row = NULL;
    *container->end = member;
    container->end = &member->next;
}

static void take_container(struct containers_report *report, const struct event *event)
{
    const struct container_fact *fact = &event->as.container;
    struct owner *owner = owner_of(report, fact->owner);
    struct container *container = owner ? container_of(report, owner, fact->id) : NULL;
    if (!container) {
        return;
    }
    bool listed = fact->action == CONTAINER_LISTED || fact->action == CONTAINER_EMPTY;
    owner->document += listed && fact->index == 1 ? 1 : 0;
    if (listed && container->document != owner->document) {
        container->document = owner->document;
        report->rows -= members_free(container);
    }
    container->version = fact->has_version ? fact->version : container->version;
    container->has_version = container->has_version || fact->has_version;
    if (fact->action != CONTAINER_EMPTY) {
        member_add(report, container, event);
    }
}

static void take_event(void *context, const struct event *event)
{
    struct containers_report *report = context;
    if (event->kind == EVENT_CONTAINER && is_wanted(report, event->as.container.owner)) {
        take_container(report, event);
    }
}

struct sink containers_report_sink(struct containers_report *report)
{
    return (struct sink){.context = report, .event = take_event};
}

/* ---- in order ---- */

static int by_user(const void *a, const void *b)
{
    const struct owner *left = *(void *const *)a;
    const struct owner *right = *(void *const *)b;
    return slice_compare(left->user, right->user);
}

static int by_id(const void *a, const void *b)
{
    const struct container *left = *(void *const *)a;
    const struct container *right = *(void *const *)b;
    return (left->id > right->id) - (left->id < right->id);
}

/* The values of a map; release with free(). */
static void **sorted(const struct map *map, int (*compare)(const void *, const void *))
{
    size_t count = 0;
    void **values = memory_zero(map->count, sizeof *values);
    for (struct map_entry *entry = map->first; entry; entry = entry->next) {
        values[count++] = entry->value;
    }
    if (count > 0) {
        qsort(values, count, sizeof *values, compare);
    }
    return values;
}

/* ---- text ---- */

static void paragraph(struct output *output, const char *label, const char *text, size_t columns)
{
    text_left(output, slice_of(label), 18);
    text_paragraph(output, slice_of(text), 18, 18, columns);
    output_byte(output, '\n');
}

static void table_text(const struct report_style *style, struct output *output)
{
    size_t count = 0;
    const struct container_row *rows = container_rows(&count);
    for (size_t i = 0; i < count; i++) {
        output_format(output, "%s%-7" PRIu32 "%s\n", i > 0 ? "\n" : "", rows[i].id, rows[i].name);
        paragraph(output, "       seen by", rows[i].seen_by, style->columns);
        paragraph(output, "       holds", rows[i].holds, style->columns);
        paragraph(output, "       fed from", rows[i].fed_from, style->columns);
    }
    output_byte(output, '\n');
    text_paragraph(output,
                   slice_of("A watcher in several containers is served from the highest number. "
                            "Members match by exact user, then domain, then network: same "
                            "enterprise, federated, public cloud, everyone. A blocked watcher "
                            "still gets notifications; they always say offline."),
                   0, 0, style->columns);
    output_byte(output, '\n');
}

static struct slice type_words(const struct member *member, struct arena *arena)
{
    return member->type == MEMBER_TYPE_UNKNOWN ? text_safe(member->type_text, false, arena)
                                               : slice_of(member_type_name(member->type));
}

static const char *asked_words(enum container_action action)
{
    return action == CONTAINER_ADD      ? ", asked for, not seen in a list"
           : action == CONTAINER_REMOVE ? ", asked to be removed"
                                        : "";
}

static void member_text(struct containers_report *report, const struct member *member,
                        const struct summary *summary, struct output *output)
{
    struct arena *arena = &report->arena;
    struct slice packet = presence_words_packet(&member->origin, summary, arena);
    struct slice words =
        text_format(arena, "%.*s%s(%.*s)%s", TEXT(text_safe(member->value, false, arena)),
                    member->value.size > 0 ? " " : "", TEXT(packet), asked_words(member->action));
    output_text(output, "    ");
    text_left(output, text_fit(type_words(member, arena), 15, arena), 16);
    text_paragraph(output, words, 20, 20, report->style.columns);
    output_byte(output, '\n');
}

static void container_text(struct containers_report *report, const struct container *container,
                           const struct summary *summary, struct output *output)
{
    const struct container_row *row = container_row_find(container->id);
    output_format(output, "  %" PRIu32 " %s", container->id,
                  row ? row->name : "(not a standard one)");
    if (container->has_version) {
        output_format(output, ", version %" PRIu32, container->version);
    }
    output_text(output, container->first ? "\n" : ": no member\n");
    for (const struct member *member = container->first; member; member = member->next) {
        member_text(report, member, summary, output);
        arena_reset(&report->arena);
    }
}

static void owner_text(struct containers_report *report, const struct owner *owner,
                       const struct summary *summary, struct output *output)
{
    struct arena *arena = &report->arena;
    output_byte(output, '\n');
    output_write(output, text_fit_middle(text_safe(owner->user, false, arena),
                                         report->style.columns, arena));
    output_byte(output, '\n');
    void **containers = sorted(&owner->containers, by_id);
    for (size_t i = 0; i < owner->containers.count; i++) {
        container_text(report, containers[i], summary, output);
    }
    free(containers);
}

static void write_text(struct containers_report *report, void *const *owners,
                       const struct summary *summary, struct output *output)
{
    report_coverage_text(output, &report->style, summary);
    for (size_t i = 0; i < report->owners.count; i++) {
        owner_text(report, owners[i], summary, output);
    }
    if (report->owners.count == 0) {
        output_text(output, "\nNo list of container members was seen.\n");
    }
    if (report->beyond > 0) {
        output_format(output, "\n%" PRIu64 " members found no room in this report\n",
                      report->beyond);
    }
}

/* ---- JSON ---- */

static void table_json(struct json *json)
{
    size_t count = 0;
    const struct container_row *rows = container_rows(&count);
    json_array(json, "containers");
    for (size_t i = 0; i < count; i++) {
        json_object(json, NULL);
        json_u64(json, "id", rows[i].id);
        json_text(json, "name", rows[i].name);
        json_text(json, "seen_by", rows[i].seen_by);
        json_text(json, "holds", rows[i].holds);
        json_text(json, "fed_from", rows[i].fed_from);
        json_text(json, "source", rows[i].source);
        json_end_object(json);
    }
    json_end_array(json);
}

static void container_json(struct json *json, const struct container *container,
                           const struct summary *summary)
{
    const struct container_row *row = container_row_find(container->id);
    json_object(json, NULL);
    json_u64(json, "id", container->id);
    json_text(json, "name", row ? row->name : NULL);
    if (container->has_version) {
        json_u64(json, "version", container->version);
    } else {
        json_null(json, "version");
    }
    json_array(json, "members");
    for (const struct member *at = container->first; at; at = at->next) {
        json_object(json, NULL);
        json_string(json, "type",
                    at->type == MEMBER_TYPE_UNKNOWN ? at->type_text
                                                    : slice_of(member_type_name(at->type)));
        json_optional(json, "value", at->value);
        json_text(json, "state", container_action_name(at->action));
        report_origin_json(json, "origin", &at->origin, summary);
        json_end_object(json);
    }
    json_end_array(json);
    json_end_object(json);
}

static void owner_json(struct json *json, const struct owner *owner, const struct summary *summary)
{
    void **containers = sorted(&owner->containers, by_id);
    json_object(json, NULL);
    json_string(json, "owner", owner->user);
    json_array(json, "containers");
    for (size_t i = 0; i < owner->containers.count; i++) {
        container_json(json, containers[i], summary);
    }
    json_end_array(json);
    json_end_object(json);
    free(containers);
}

static void owners_json(struct json *json, const struct containers_report *report,
                        void *const *owners, const struct summary *summary)
{
    json_array(json, "owners");
    for (size_t i = 0; i < report->owners.count; i++) {
        owner_json(json, owners[i], summary);
    }
    json_end_array(json);
    json_text(json, "coverage", coverage_verdict_name(summary->coverage.verdict));
    json_u64(json, "not_listed", report->beyond);
}

void containers_report_write(struct containers_report *report, const struct summary *summary,
                             struct output *output)
{
    void **owners = sorted(&report->owners, by_user);
    if (report->style.format == REPORT_JSON) {
        struct json json;
        json_init(&json, output, true);
        json_object(&json, NULL);
        json_text(&json, "schema", "ocsight.containers/1");
        report_redacted_json(&json, &report->style);
        table_json(&json);
        owners_json(&json, report, owners, summary);
        json_end_object(&json);
        json_end_line(&json);
    } else {
        write_text(report, owners, summary, output);
    }
    free(owners);
}

void containers_table_write(const struct report_style *style, struct output *output)
{
    struct json json;
    if (style->format != REPORT_JSON) {
        table_text(style, output);
        return;
    }
    json_init(&json, output, true);
    json_object(&json, NULL);
    json_text(&json, "schema", "ocsight.containers/1");
    table_json(&json);
    json_end_object(&json);
    json_end_line(&json);
}
