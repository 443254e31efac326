/*
 * The chat report: sessions. See chat_write.h; their details (--session) are kept by
 * session_model.h.
 */
#include "reports/chat_write.h"

#include <inttypes.h>
#include <stdio.h>

/* How an endpoint came to its service tells the generation of client and server (xccos.md 9). */
static const char *found_by(const struct chat_report *report,
                            const struct chat_session_row *session,
                            const struct session_detail *detail)
{
    const struct session_provisioning *told =
        session_provisioning_find(&report->details, session->user);
    if (detail->looked_up) {
        return "lookup (OCS 2007 R2, Lync 2010, or an older client)";
    }
    if (told && (told->pools.size > 0 || told->default_pool.size > 0)) {
        return "provisioning (Lync 2013 or later)";
    }
    bool pool =
        slice_find_nocase(session->service, slice_of("-PersistentChatService-")) != SLICE_NONE;
    return pool ? "the address of a pool (Lync 2013 or later)" : NULL;
}

static const char *enabled_word(enum said enabled)
{
    switch (enabled) {
    case SAID_YES:
        return "enabled";
    case SAID_NO:
        return "not enabled";
    default:
        return NULL;
    }
}

/* What became of a command, in a word. */
static const char *outcome_of(const struct session_command *command)
{
    switch (command->state) {
    case COMMAND_ANSWERED:
        return "answered";
    case COMMAND_FAILED:
        return "failed";
    case COMMAND_REFUSED:
        return "refused";
    case COMMAND_ABANDONED:
        return "abandoned";
    case COMMAND_ACCEPTED:
        return "accepted";
    default:
        return "unanswered";
    }
}

static uint64_t code_of(const struct session_command *command)
{
    return command->state == COMMAND_REFUSED ? command->status : command->code;
}

/* ---- JSON ---- */

static void dialogs_json(struct json *json, const struct session_detail *detail)
{
    json_array(json, "dialogs");
    for (const struct session_dialog *it = detail->dialogs; it; it = it->next) {
        json_object(json, NULL);
        json_string(json, "call_id", it->call_id);
        json_text(json, "kind", it->lookup ? "lookup" : "channel");
        json_optional(json, "service", it->service);
        json_text(json, "state", session_state_name(it->state));
        json_time(json, "start", it->start);
        json_time(json, "end", it->end);
        json_optional(json, "reason", it->reason);
        json_bool(json, "disowned", it->disowned);
        json_bool(json, "from_start", it->from_start);
        if (it->expires > 0) {
            json_i64(json, "session_expires", it->expires);
        } else {
            json_null(json, "session_expires");
        }
        json_u64(json, "refreshes", it->refreshes);
        json_end_object(json);
    }
    json_end_array(json);
}

static void stays_json(struct json *json, const struct session_detail *detail)
{
    json_array(json, "stays");
    for (const struct session_room *it = detail->rooms; it; it = it->next) {
        json_object(json, NULL);
        json_string(json, "room", it->uri);
        json_optional(json, "name", it->name);
        json_time(json, "joined", it->joined);
        json_time(json, "left", it->left);
        json_optional(json, "reason", it->reason);
        json_bool(json, "assumed", it->assumed);
        json_end_object(json);
    }
    json_end_array(json);
}

static void commands_json(struct json *json, const struct session_detail *detail)
{
    json_array(json, "commands");
    for (const struct session_command *it = detail->commands; it; it = it->next) {
        json_object(json, NULL);
        json_string(json, "command", it->name);
        json_optional(json, "room", it->room);
        json_string(json, "call_id", it->call_id);
        json_time(json, "time", it->sent);
        json_text(json, "outcome", outcome_of(it));
        json_u64(json, "code", code_of(it));
        json_optional(json, "text", it->code_text);
        if (it->decided != TIME_NONE) {
            json_seconds(json, "seconds", it->decided - it->sent);
        } else {
            json_null(json, "seconds");
        }
        json_end_object(json);
    }
    json_end_array(json);
}

static void detail_json(struct json *json, const struct chat_report *report,
                        const struct chat_session_row *session)
{
    const struct session_detail *detail =
        session_detail_find(&report->details, session->user, session->epid);
    const struct session_provisioning *told =
        session_provisioning_find(&report->details, session->user);
    if (!detail) {
        return;
    }
    json_text(json, "found_by", found_by(report, session, detail));
    if (told) {
        json_object(json, "provisioning");
        json_time(json, "time", told->time);
        json_text(json, "persistent_chat", enabled_word(told->enabled));
        json_optional(json, "default_pool", told->default_pool);
        json_optional(json, "pools", told->pools);
        json_end_object(json);
    } else {
        json_null(json, "provisioning");
    }
    dialogs_json(json, detail);
    stays_json(json, detail);
    commands_json(json, detail);
}

void chat_session_json(struct json *json, const struct chat_report *report,
                       const struct chat_session_row *session)
{
    json_object(json, NULL);
    json_string(json, "user", session->user);
    json_optional(json, "epid", session->epid);
    json_optional(json, "call_id",
                  session->call_ids.last ? session->call_ids.last->key : slice_of(""));
    json_array(json, "call_ids");
    for (struct map_entry *entry = session->call_ids.first; entry; entry = entry->next) {
        json_string(json, NULL, entry->key);
    }
    json_end_array(json);
    json_optional(json, "service", session->service);
    json_text(json, "state", session_state_name(session->state));
    json_array(json, "rooms");
    for (struct map_entry *entry = session->rooms.first; entry; entry = entry->next) {
        json_string(json, NULL, entry->key);
    }
    json_end_array(json);
    json_time(json, "start", session->start);
    json_time(json, "end", session->end);
    json_optional(json, "reason", session->reason);
    json_bool(json, "from_start", session->from_start);
    if (report->query.sessions) {
        detail_json(json, report, session);
    }
    json_end_object(json);
}

/* ---- text ---- */

enum { TEXT_INDENT = 4, COMMAND_NAME = 20 };

static struct slice day_time(const struct chat_report *report, int64_t time, struct arena *arena)
{
    enum { MILLISECONDS = 12 }; /* "10:00:00.123" */
    char text[CLOCK_TEXT];
    clock_of_day(time, &report->style.zone, text);
    struct slice whole = slice_of(time == TIME_NONE ? "" : text);
    return arena_keep(arena, slice_sub(whole, 0, MILLISECONDS));
}

static void line_text(struct chat_report *report, struct output *output, size_t indent,
                      struct slice text)
{
    output_repeat(output, ' ', indent);
    text_paragraph(output, text_safe(text, false, &report->arena), indent, indent + 2,
                   report->style.columns);
    output_byte(output, '\n');
}

static void dialog_text(struct chat_report *report, struct output *output,
                        const struct session_dialog *dialog)
{
    struct arena *arena = &report->arena;
    bool over = dialog->end != TIME_NONE;
    output_format(output, "  %s: ", dialog->lookup ? "lookup dialog" : "channel dialog");
    output_write(output, text_fit_middle(text_safe(dialog->call_id, false, arena),
                                         report->style.columns - 18, arena));
    output_byte(output, '\n');
    struct slice start = day_time(report, dialog->start, arena);
    struct slice end = day_time(report, dialog->end, arena);
    line_text(report, output, TEXT_INDENT,
              text_format(arena, "%s%.*s%s%.*s, %s%s%.*s%s", dialog->from_start ? "" : "before ",
                          TEXT(start), over ? " to " : " to the end", TEXT(end),
                          session_state_name(dialog->state), dialog->reason.size > 0 ? ": " : "",
                          TEXT(dialog->reason),
                          dialog->disowned ? "; the client disowned it (487)" : ""));
    line_text(report, output, TEXT_INDENT, text_format(arena, "with %.*s", TEXT(dialog->service)));
    if (dialog->expires > 0 || dialog->refreshes > 0) {
        struct slice expires =
            dialog->expires > 0
                ? text_format(arena, "Session-Expires %" PRId64 " s, ", dialog->expires)
                : slice_of("");
        line_text(report, output, TEXT_INDENT,
                  text_format(arena, "%.*srefreshed %" PRIu32 " time%s", TEXT(expires),
                              dialog->refreshes, text_plural(dialog->refreshes)));
    }
    arena_reset(arena);
}

/* The name may have become known after the join. */
static struct slice name_of(const struct chat_report *report, const struct session_room *room)
{
    const struct chat_room_row *row = map_find(&report->model.rooms, room->uri);
    return row && row->name.size > 0 ? row->name : room->name.size > 0 ? room->name : room->uri;
}

static void stay_text(struct chat_report *report, struct output *output,
                      const struct session_room *room)
{
    struct arena *arena = &report->arena;
    struct slice name = name_of(report, room);
    struct slice joined = day_time(report, room->joined, arena);
    struct slice left = day_time(report, room->left, arena);
    output_text(output, "  room: ");
    output_write(output,
                 text_fit_middle(text_safe(name, false, arena), report->style.columns - 8, arena));
    output_byte(output, '\n');
    line_text(report, output, TEXT_INDENT,
              text_format(arena, "%.*s to %.*s%s%.*s%s%s", TEXT(joined),
                          TEXT(left.size > 0 ? left : slice_of("the end")),
                          room->reason.size > 0 ? " (" : "", TEXT(room->reason),
                          room->reason.size > 0 ? ")" : "",
                          room->assumed ? ", its join was not captured" : ""));
    arena_reset(arena);
}

static void command_text(struct chat_report *report, struct output *output,
                         const struct session_command *command)
{
    struct arena *arena = &report->arena;
    char took[CLOCK_TEXT] = "";
    char code[32] = "";
    if (command->decided != TIME_NONE) {
        clock_duration(command->decided - command->sent, took);
    }
    if (code_of(command) > 0) {
        snprintf(code, sizeof code, " %" PRIu64, code_of(command));
    }
    output_write(output,
                 text_format(arena, "    %.*s  ", TEXT(day_time(report, command->sent, arena))));
    text_left(output, text_brief(command->name, COMMAND_NAME, arena), COMMAND_NAME);
    output_format(output, "  %s%s%s%s\n", outcome_of(command), code,
                  took[0] != '\0' ? " after " : "", took);
    arena_reset(arena);
}

static void provisioning_text(struct chat_report *report, struct output *output,
                              const struct chat_session_row *session)
{
    struct arena *arena = &report->arena;
    const struct session_provisioning *told =
        session_provisioning_find(&report->details, session->user);
    if (!told) {
        return;
    }
    const char *enabled = enabled_word(told->enabled);
    struct slice pools = told->pools.size > 0 ? told->pools : told->default_pool;
    line_text(report, output, 2,
              text_format(arena, "provisioned: %s%s%.*s", enabled ? enabled : "",
                          enabled && pools.size > 0 ? ", " : "", TEXT(pools)));
}

static void detail_text(struct chat_report *report, struct output *output,
                        const struct chat_session_row *session)
{
    const struct session_detail *detail =
        session_detail_find(&report->details, session->user, session->epid);
    if (!detail) {
        return;
    }
    const char *found = found_by(report, session, detail);
    if (found) {
        output_format(output, "  found by: %s\n", found);
    }
    provisioning_text(report, output, session);
    for (const struct session_dialog *it = detail->dialogs; it; it = it->next) {
        dialog_text(report, output, it);
    }
    for (const struct session_room *it = detail->rooms; it; it = it->next) {
        stay_text(report, output, it);
    }
    output_text(output, detail->commands ? "  commands:\n" : "");
    for (const struct session_command *it = detail->commands; it; it = it->next) {
        command_text(report, output, it);
    }
}

static void rooms_text(struct chat_report *report, struct output *output,
                       const struct chat_session_row *session)
{
    struct arena *arena = &report->arena;
    for (struct map_entry *entry = session->rooms.first; entry; entry = entry->next) {
        const struct chat_room_row *room = entry->value;
        output_text(output, "  room: ");
        output_write(output, text_fit_middle(text_safe(room->name.size > 0 ? room->name : room->uri,
                                                       false, arena),
                                             report->style.columns - 8, arena));
        output_byte(output, '\n');
    }
}

void chat_session_text(struct chat_report *report, const struct chat_session_row *session,
                       struct output *output)
{
    struct arena *arena = &report->arena;
    size_t columns = report->style.columns;
    char start[CLOCK_TEXT];
    char end[CLOCK_TEXT];
    clock_date(session->start, &report->style.zone, start);
    clock_date(session->end, &report->style.zone, end);
    output_text(output, "\nSession of ");
    output_write(output,
                 text_fit_middle(text_safe(session->user, false, arena), columns - 11, arena));
    output_format(output, "\n  %s%s, from %s", session_state_name(session->state),
                  session->from_start ? "" : " (in progress when the capture starts)", start);
    if (session->end != TIME_NONE) {
        output_format(output, "\n  to %s", end);
    }
    output_text(output, "\n");
    const struct {
        const char *label;
        struct slice value;
    } lines[] = {{"  ended: ", session->reason},
                 {"  service: ", session->service},
                 {"  epid: ", session->epid}};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        if (lines[i].value.size > 0) {
            output_text(output, lines[i].label);
            output_write(output, text_fit_middle(text_safe(lines[i].value, false, arena),
                                                 columns - 11, arena));
            output_byte(output, '\n');
        }
    }
    if (report->query.sessions) {
        detail_text(report, output, session);
    } else {
        rooms_text(report, output, session);
    }
    arena_reset(arena);
}

/* ---- CSV ---- */

/* Its columns: what the three kinds of lines have in common comes first. */
struct csv_line {
    const char *kind;
    int64_t time;
    int64_t end;
    struct slice call_id;
    struct slice name; /* the service, the room's name or the command */
    struct slice room;
    const char *state;
    struct slice detail;
    uint64_t number; /* Session-Expires, or the code of a reply */
};

static void csv_line(struct chat_report *report, struct output *output,
                     const struct chat_session_row *session, const struct csv_line *line)
{
    char time[CLOCK_TEXT];
    char end[CLOCK_TEXT];
    clock_iso(line->time, time);
    clock_iso(line->end, end);
    report_csv(output, session->user, false);
    report_csv(output, session->epid, false);
    report_csv(output, slice_of(line->kind), false);
    report_csv(output, slice_of(time), false);
    report_csv(output, slice_of(end), false);
    report_csv(output, line->call_id, false);
    report_csv(output, line->name, false);
    report_csv(output, line->room, false);
    report_csv(output, slice_of(line->state), false);
    report_csv(output,
               line->number > 0 ? text_format(&report->arena, "%" PRIu64, line->number)
                                : slice_of(""),
               false);
    report_csv(output, line->detail, true);
    arena_reset(&report->arena);
}

static void detail_csv(struct chat_report *report, struct output *output,
                       const struct chat_session_row *session, const struct session_detail *detail)
{
    for (const struct session_dialog *it = detail->dialogs; it; it = it->next) {
        const struct csv_line line = {
            it->lookup ? "lookup dialog" : "channel dialog",
            it->start,
            it->end,
            it->call_id,
            it->service,
            {"", 0},
            session_state_name(it->state),
            it->reason,
            (uint64_t)it->expires,
        };
        csv_line(report, output, session, &line);
    }
    for (const struct session_room *it = detail->rooms; it; it = it->next) {
        const struct csv_line line = {
            "room",
            it->joined,
            it->left,
            {"", 0},
            name_of(report, it),
            it->uri,
            it->left == TIME_NONE ? "joined" : "left",
            it->reason,
            0,
        };
        csv_line(report, output, session, &line);
    }
    for (const struct session_command *it = detail->commands; it; it = it->next) {
        const struct csv_line line = {
            "command", it->sent,       it->decided,   it->call_id, it->name,
            it->room,  outcome_of(it), it->code_text, code_of(it),
        };
        csv_line(report, output, session, &line);
    }
}

void chat_sessions_csv(struct chat_report *report, struct output *output)
{
    output_text(output, "user,epid,kind,time,end,call_id,name,room,state,number,detail\n");
    for (struct map_entry *entry = report->model.sessions.first; entry; entry = entry->next) {
        const struct chat_session_row *session = entry->value;
        const struct session_detail *detail =
            session_detail_find(&report->details, session->user, session->epid);
        if (detail && chat_shows_session(report, session)) {
            detail_csv(report, output, session, detail);
        }
    }
}
