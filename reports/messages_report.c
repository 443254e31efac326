/*
 * One line per SIP message. See messages_report.h.
 *
 * The text line has fixed columns that fit 80: time, record, mark, start line,
 * then who and with whom. A retransmitted copy is marked "r", a copy of the same
 * message on another hop "+".
 */
#include "reports/messages_report.h"

#include <inttypes.h>
#include <stdlib.h>

#include "reports/text.h"

struct messages_report {
    struct report_style style;
    const struct summary *summary;
    struct output *output;
    struct arena arena;
    struct json json;
    uint64_t count;
    bool headed;
};

struct messages_report *messages_report_new(const struct report_style *style,
                                            const struct summary *summary, struct output *output)
{
    struct messages_report *report = memory_zero(1, sizeof *report);
    report->style = *style;
    report->summary = summary;
    report->output = output;
    arena_init(&report->arena);
    json_init(&report->json, output, false);
    return report;
}

void messages_report_free(struct messages_report *report)
{
    arena_dispose(&report->arena);
    free(report);
}

/* The party as people know it: the user, else the URI. */
static struct slice party(const struct sip_party *party)
{
    return party->user.size > 0 ? party->user : party->uri;
}

static void write_json(struct messages_report *report, const struct message *message)
{
    struct json *json = &report->json;
    const struct observation *seen = &message->observed;
    char source[ADDRESS_TEXT];
    char destination[ADDRESS_TEXT];
    address_text(&seen->source, source);
    address_text(&seen->destination, destination);
    json_object(json, NULL);
    json_time(json, "time", seen->origin.time);
    json_string(json, "input", report->summary->inputs[seen->origin.input].name);
    json_u64(json, "record", seen->origin.record);
    json_text(json, "transport", transport_name(seen->transport));
    json_text(json, "src", source);
    json_text(json, "dst", destination);
    json_optional(json, "method", message->method_name);
    if (message->request) {
        json_null(json, "status");
    } else {
        json_u64(json, "status", message->status);
    }
    json_string(json, "call_id", message->call_id);
    json_u64(json, "cseq", message->cseq);
    json_string(json, "from", party(&message->from));
    json_string(json, "to", party(&message->to));
    json_optional(json, "content_type", message->content_type);
    json_u64(json, "length", message->body_length);
    json_bool(json, "retransmission", message->role == MESSAGE_RETRANSMISSION);
    json_bool(json, "another_hop", message->role == MESSAGE_ANOTHER_HOP);
    json_end_object(json);
    json_end_line(json);
}

static void head_csv(struct messages_report *report)
{
    if (!report->headed) {
        output_text(report->output, "time,input,record,transport,src,dst,method,status,call_id,"
                                    "cseq,from,to,content_type,length,retransmission\n");
        report->headed = true;
    }
}

static void write_csv(struct messages_report *report, const struct message *message)
{
    struct output *output = report->output;
    const struct observation *seen = &message->observed;
    char text[CLOCK_TEXT];
    char address[ADDRESS_TEXT];
    head_csv(report);
    clock_iso(seen->origin.time, text);
    report_csv(output, slice_of(text), false);
    report_csv(output, report->summary->inputs[seen->origin.input].name, false);
    output_format(output, "%" PRIu64 ",%s,", seen->origin.record, transport_name(seen->transport));
    address_text(&seen->source, address);
    report_csv(output, slice_of(address), false);
    address_text(&seen->destination, address);
    report_csv(output, slice_of(address), false);
    report_csv(output, message->method_name, false);
    if (!message->request) {
        output_format(output, "%u", (unsigned)message->status);
    }
    output_byte(output, ',');
    report_csv(output, message->call_id, false);
    output_format(output, "%" PRIu32 ",", message->cseq);
    report_csv(output, party(&message->from), false);
    report_csv(output, party(&message->to), false);
    report_csv(output, message->content_type, false);
    output_format(output, "%" PRIu64 ",%s\n", message->body_length,
                  message->role == MESSAGE_RETRANSMISSION ? "true" : "false");
}

/* "INVITE", "200 INVITE" */
static struct slice message_what(const struct message *message, struct arena *arena)
{
    struct slice method = text_prefix(text_safe(message->method_name, false, arena), 40);
    return message->request ? method
                            : text_format(arena, "%u %.*s", (unsigned)message->status,
                                          (int)method.size, method.data);
}

static void parties_text(struct messages_report *report, const struct message *message, size_t room)
{
    struct output *output = report->output;
    struct arena *arena = &report->arena;
    struct slice from = text_safe(party(&message->from), false, arena);
    struct slice to = text_safe(party(&message->to), false, arena);
    size_t half = (room - 3) / 2;
    size_t spare = text_width(from) < half ? half - text_width(from) : 0;
    output_write(output, text_fit_middle(from, half, arena));
    output_text(output, report->style.ascii ? " > " : " → ");
    output_write(output, text_fit_middle(to, half + spare, arena));
}

static void write_text(struct messages_report *report, const struct message *message)
{
    enum { ROOM_LEAST = 23 }; /* parties are no longer told apart in less */
    struct output *output = report->output;
    struct arena *arena = &report->arena;
    char text[CLOCK_TEXT];
    if (!report->headed) {
        output_text(output, "Time         Packet   Message        Who\n");
        report->headed = true;
    }
    struct slice where = report_origin_text(&message->observed.origin, report->summary, arena);
    struct slice what = message_what(message, arena);
    size_t label = text_width(where) > 6 ? text_width(where) : 6;
    size_t title = text_width(what) > 14 ? text_width(what) : 14;
    size_t used = 13 + label + 3 + title + 1;
    clock_of_day(message->observed.origin.time, &report->style.zone, text);
    text[12] = '\0'; /* milliseconds are enough for people */
    output_format(output, "%s ", text);
    text_right(output, where, 6);
    output_format(output, " %c ",
                  message->role == MESSAGE_RETRANSMISSION ? 'r'
                  : message->role == MESSAGE_ANOTHER_HOP  ? '+'
                                                          : ' ');
    text_left(output, what, 14);
    output_byte(output, ' ');
    parties_text(report, message,
                 report->style.columns > used + ROOM_LEAST ? report->style.columns - used
                                                           : ROOM_LEAST);
    output_byte(output, '\n');
}

static void take_event(void *context, const struct event *event)
{
    struct messages_report *report = context;
    if (event->kind != EVENT_MESSAGE || output_is_over(report->output)) {
        return;
    }
    report->count++;
    switch (report->style.format) {
    case REPORT_JSON:
        write_json(report, event->message);
        break;
    case REPORT_CSV:
        write_csv(report, event->message);
        break;
    default:
        write_text(report, event->message);
    }
    arena_reset(&report->arena);
}

struct sink messages_report_sink(struct messages_report *report)
{
    return (struct sink){.context = report, .event = take_event};
}

void messages_report_end(struct messages_report *report)
{
    if (report->style.format == REPORT_CSV) {
        head_csv(report);
    } else if (report->style.format == REPORT_TEXT) {
        output_format(report->output, "%" PRIu64 " SIP message%s\n", report->count,
                      text_plural(report->count));
    }
}
