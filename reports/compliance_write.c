/*
 * The compliance export as XML. See compliance_write.h.
 *
 * A capture shows SIP addresses and nothing of the directory behind them: UserName, id, email
 * and internal of a Sender stay empty, since the schema wants the attributes and the product
 * must not invent them. The export itself says so in a comment. Characters that XML 1.0 forbids
 * become U+FFFD and are counted.
 */
#include "reports/compliance_write.h"

#include <inttypes.h>

struct writer {
    const struct compliance_query *query;
    struct output *output;
    uint64_t replaced;
};

static void write_escaped(struct output *output, struct slice character)
{
    switch (character.data[0]) {
    case '&':
        output_text(output, "&amp;");
        break;
    case '<':
        output_text(output, "&lt;");
        break;
    case '>':
        output_text(output, "&gt;");
        break;
    case '"':
        output_text(output, "&quot;");
        break;
    case '\t':
    case '\n':
    case '\r': /* an attribute keeps them only as references: XML 1.0 3.3.3 */
        output_format(output, "&#%d;", character.data[0]);
        break;
    default:
        output_write(output, character);
    }
}

static void attribute(struct writer *writer, const char *name, struct slice value)
{
    output_format(writer->output, " %s=\"", name);
    while (value.size > 0) {
        write_escaped(writer->output, compliance_character(&value, &writer->replaced));
    }
    output_byte(writer->output, '"');
}

static void time_element(struct writer *writer, const char *name, int64_t ticks, const char *indent)
{
    char text[TICKS_TEXT];
    output_format(writer->output,
                  "%s<%s since1970=\"%" PRId64 "\" string=\"%s\" long=\"%" PRId64 "\"/>\n", indent,
                  name, ticks_since_1970(ticks), ticks_text(ticks, text).data, ticks);
}

static void message_element(struct writer *writer, const char *name,
                            const struct compliance_row *row, const char *indent)
{
    struct output *output = writer->output;
    output_format(output, "%s<%s type=\"%s\"", indent, name, compliance_kind_name(row->kind));
    attribute(writer, "content", row->content);
    output_format(output, " id=\"%" PRIu64 "\">\n", row->id);
    output_format(output, "%s  <Sender UserName=\"\" id=\"\" email=\"\" internal=\"\"", indent);
    attribute(writer, "uri", row->user);
    output_format(output, "/>\n%s  ", indent);
    time_element(writer, "DateTimeUTC", row->ticks, "");
    output_format(output, "%s</%s>\n", indent, name);
}

static void conversation(struct writer *writer, const struct compliance_room *room)
{
    struct output *output = writer->output;
    const struct compliance_row *row = compliance_first(writer->query, room);
    int64_t start;
    int64_t end;
    if (!row) {
        return;
    }
    compliance_span(writer->query, room, &start, &end);
    output_text(output, "  <Conversation>\n    <Channel");
    attribute(writer, "uri", room->uri);
    attribute(writer, "name", room->name);
    output_text(output, "/>\n");
    /* It stands twice; what is replaced in it counts once. */
    uint64_t replaced = writer->replaced;
    message_element(writer, "FirstMessage", row, "    ");
    writer->replaced = replaced;
    output_text(output, "    <Messages>\n");
    for (; row; row = compliance_next(writer->query, row)) {
        message_element(writer, "Message", row, "      ");
    }
    output_text(output, "    </Messages>\n");
    time_element(writer, "StartTimeUTC", start, "    ");
    time_element(writer, "EndTimeUTC", end, "    ");
    output_text(output, "  </Conversation>\n");
}

static void opening(struct output *output, const struct summary *summary)
{
    output_format(output,
                  "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                  "<!-- What a compliance adapter would have received, as far as a capture shows "
                  "it.\n"
                  "     Coverage %s.\n"
                  "     No capture shows these attributes of Sender, so they are empty: UserName, "
                  "id, email, internal.\n"
                  "     The id of a CHAT is 0 where no copy told it. -->\n"
                  "<Conversations xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
                  "xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\">\n",
                  report_coverage_words(summary->coverage.verdict));
}

static void remark(struct output *output, uint64_t count, const char *words)
{
    if (count > 0) {
        output_format(output, "<!-- %" PRIu64 " %s -->\n", count, words);
    }
}

void compliance_write(const struct compliance_model *model, const struct compliance_query *query,
                      const struct summary *summary, struct output *output)
{
    struct writer writer = {.query = query, .output = output};
    opening(output, summary);
    for (struct map_entry *entry = model->rooms.first; entry; entry = entry->next) {
        conversation(&writer, entry->value);
    }
    output_text(output, "</Conversations>\n");
    remark(output, writer.replaced, "character(s) that XML cannot hold were replaced by U+FFFD");
    remark(output, model->beyond, "event(s) found no room in this report");
    remark(output, model->view.late, "message(s) were too long ago to tell whether they are above");
    remark(output, summary->partial, "interruption: what follows it was not read");
}
