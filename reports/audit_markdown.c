/*
 * A summary of an audit in Markdown. See audit_markdown.h.
 */
#include "reports/audit_markdown.h"

#include <inttypes.h>

#include "reports/audit_parts.h"
#include "reports/markdown.h"
#include "reports/text.h"

/* How much of each thing is shown; columns of text, and numbers of lines. */
enum {
    NAME_COLUMNS = 80,
    SENTENCE_COLUMNS = 300,
    TITLE_INPUTS = 3,
    INPUTS = 20,
    OPTIONS = 20,
    ODD_KINDS = 10,
    PACKETS = 8,
    GONE = 20,
};

static const size_t shown_of[] = {
    [SEVERITY_NOTE] = 10, [SEVERITY_WARNING] = 25, [SEVERITY_ERROR] = 40};

struct page {
    struct audit_report *report;
    const struct summary *summary;
    struct output *output;
};

static void put(const struct page *page, const char *text)
{
    output_text(page->output, text);
}

static void put_count(const struct page *page, uint64_t count, const char *word)
{
    output_format(page->output, "%" PRIu64 " %s%s", count, word, text_plural(count));
}

/* A name from wherever it comes. */
static void put_name(const struct page *page, struct slice name)
{
    markdown_code(page->output, text_brief(name, NAME_COLUMNS, &page->report->arena));
}

/* The name of a file, which is told apart by its end. */
static void put_path(const struct page *page, struct slice path)
{
    struct arena *arena = &page->report->arena;
    markdown_code(page->output,
                  text_fit_middle(text_safe(path, false, arena), NAME_COLUMNS, arena));
}

static void put_sentence(const struct page *page, struct slice text)
{
    markdown_prose(page->output, text_brief(text, SENTENCE_COLUMNS, &page->report->arena));
}

/* ---- head ---- */

static void put_title(const struct page *page)
{
    const struct summary *summary = page->summary;
    size_t all = summary->input_count + summary->database_count;
    put(page, "## Audit");
    for (size_t i = 0; i < all && i < TITLE_INPUTS; i++) {
        put(page, i == 0 ? " of " : ", ");
        put_path(page, i < summary->input_count
                           ? summary->inputs[i].name
                           : summary->databases[i - summary->input_count].name);
    }
    if (all > TITLE_INPUTS) {
        output_format(page->output, " and %zu more", all - TITLE_INPUTS);
    }
    put(page, "\n\n");
}

static void put_coverage(const struct page *page)
{
    const struct summary *summary = page->summary;
    if (summary->input_count > 0 || summary->database_count == 0) {
        put(page, "**Coverage ");
        put(page, report_coverage_words(summary->coverage.verdict));
        put(page, ".**\n\n");
    }
    if (summary->partial) {
        put(page, "**Interrupted: what follows is of the part that was read.**\n\n");
    }
    if (page->report->style.redacted) {
        put(page, report_redacted_words());
        put(page, ".\n\n");
    }
}

static void put_verdict(const struct page *page)
{
    const struct summary *summary = page->summary;
    const struct audit_report *report = page->report;
    const char *nothing = audit_says_nothing(summary);
    put(page, "Findings: ");
    if (nothing) {
        put(page, nothing);
    } else {
        uint64_t all = 0;
        for (int severity = SEVERITY_ERROR; severity >= SEVERITY_NOTE; severity--) {
            put(page, severity == SEVERITY_ERROR ? "" : ", ");
            put_count(page, summary->findings[severity], severity_name((enum severity)severity));
            all += summary->findings[severity];
        }
        if (all != report->count) {
            output_format(page->output, "; %zu selected", report->count);
        }
    }
    put(page, ".\n\n");
    if (report->baseline) {
        put(page, "Compared with ");
        put_path(page, report->baseline->name);
        output_format(page->output, ": %" PRIu64 " new, %" PRIu64 " same, %zu gone.%s\n\n",
                      report->baseline->fresh, report->baseline->same, report->baseline->gone_count,
                      audit_gone_is_doubtful(report->baseline, summary)
                          ? " What is gone may only not have been seen: not all could be read."
                          : "");
    }
}

static void put_input(const struct page *page, const struct input_info *input)
{
    char first[CLOCK_TEXT];
    char last[CLOCK_TEXT];
    char zone[CLOCK_TEXT];
    const struct clock_zone *shown = &page->report->style.zone;
    put(page, "- ");
    put_path(page, input->name);
    if (input->failed) {
        put(page, ": could not be read\n");
        return;
    }
    output_format(page->output, ": %s%s%s, ", input->kind, input->compression ? ", " : "",
                  input->compression ? input->compression : "");
    put_count(page, input->records, input->is_export ? "event" : "packet");
    if (input->first != TIME_NONE) {
        clock_date(input->first, shown, first);
        clock_date(input->last, shown, last);
        clock_zone_name(input->first, shown, zone);
        output_format(page->output, ", %s to %s %s", first, last, zone);
    }
    put(page, input->truncated ? ", breaks off\n" : "\n");
    if (input->sha256[0] != '\0') {
        output_format(page->output, "  - SHA-256 `%s`\n", input->sha256);
    }
}

static void put_database(const struct page *page, const struct database_info *info)
{
    char now[CLOCK_TEXT];
    char zone[CLOCK_TEXT];
    clock_date(info->now, &page->report->style.zone, now);
    clock_zone_name(info->now, &page->report->style.zone, zone);
    put(page, "- ");
    put_name(page, info->name);
    output_format(page->output, ": %s, judged for %s %s%s\n", info->kind, now, zone,
                  info->whole ? "" : ", not read to the end");
}

static void put_more(const struct page *page, size_t count, size_t shown, const char *word)
{
    if (count > shown) {
        put(page, "- and ");
        put_count(page, count - shown, word);
        put(page, " more\n");
    }
}

static void put_inputs(const struct page *page)
{
    const struct summary *summary = page->summary;
    for (size_t i = 0; i < summary->input_count && i < INPUTS; i++) {
        put_input(page, &summary->inputs[i]);
    }
    put_more(page, summary->input_count, INPUTS, "input");
    for (size_t i = 0; i < summary->database_count && i < INPUTS; i++) {
        put_database(page, &summary->databases[i]);
    }
    put_more(page, summary->database_count, INPUTS, "server");
    put(page, "\n");
}

/* What the run was limited to; where the report goes does not matter to its reader. */
static void put_options(const struct page *page)
{
    static const char *const silent[] = {"baseline", "fail-on", "format", "output",    "quiet",
                                         "hash",     "threads", "width",  "redact-key"};
    const struct report_style *style = &page->report->style;
    size_t shown = 0;
    for (size_t i = 0; i < style->option_count && shown < OPTIONS; i++) {
        const struct report_option *option = &style->options[i];
        bool told = true;
        for (size_t k = 0; k < sizeof silent / sizeof silent[0]; k++) {
            told = told && !slice_equal(slice_of(option->name), slice_of(silent[k]));
        }
        if (told) {
            put(page, shown++ == 0 ? "Options: " : ", ");
            bool flag = slice_equal(slice_of(option->value), (struct slice)SLICE("true"));
            struct slice value =
                text_brief(slice_of(flag ? "" : option->value), NAME_COLUMNS, &page->report->arena);
            markdown_code(page->output,
                          text_format(&page->report->arena, "--%s%s%.*s", option->name,
                                      value.size > 0 ? " " : "", TEXT(value)));
        }
    }
    put(page, shown > 0 ? "\n\n" : "");
}

/* ---- totals ---- */

static void put_row(const struct page *page, const char *what, uint64_t count)
{
    output_format(page->output, "| %s | %" PRIu64 " |\n", what, count);
}

static void put_row_if(const struct page *page, const char *what, uint64_t count)
{
    if (count > 0) {
        put_row(page, what, count);
    }
}

static void put_totals(const struct page *page)
{
    const struct summary *summary = page->summary;
    const struct coverage_summary *coverage = &summary->coverage;
    put(page, "| Total | Count |\n| --- | ---: |\n");
    if (summary->input_count > 0 || summary->database_count == 0) {
        put_row(page, "packets", summary->packets);
        put_row_if(page, "packets skipped", summary->packets - summary->decoded);
        put_row(page, "streams read", coverage->read);
        put_row_if(page, "streams encrypted", coverage->encrypted);
        put_row_if(page, "streams compressed", coverage->compressed);
        put_row_if(page, "streams with gaps", coverage->gapped);
        put_row_if(page, "streams one-sided", coverage->one_sided);
        put_row(page, "SIP messages", summary->sip_messages);
        put_row_if(page, "retransmitted", summary->retransmissions);
        put_row(page, "Call-IDs", summary->call_ids);
        put_row(page, "dialogs", summary->dialogs);
        put_row(page, "users", summary->users);
        put_row_if(page, "chat rooms", summary->rooms);
        put_row_if(page, "chat messages", summary->chat_messages);
    }
    put_row_if(page, "users with rows", summary->database_users);
    put(page, summary->exact ? "\n" : "\nSome are not exact: too many to count.\n\n");
}

static void put_oddities(const struct page *page)
{
    const struct summary *summary = page->summary;
    if (summary->diagnostic_count == 0) {
        return;
    }
    put(page, "Odd input: ");
    for (size_t i = 0; i < summary->diagnostic_count && i < ODD_KINDS; i++) {
        put(page, i == 0 ? "" : ", ");
        put_name(page, summary->diagnostics[i].name);
        output_format(page->output, " %" PRIu64, summary->diagnostics[i].count);
    }
    put(page, summary->diagnostic_count > ODD_KINDS ? ", and more.\n\n" : ".\n\n");
}

/* ---- findings ---- */

static void put_who(const struct page *page, struct slice user, struct slice peer,
                    struct slice room)
{
    if (user.size > 0) {
        put(page, ", ");
        put_name(page, user);
    }
    if (peer.size > 0 && !slice_equal(peer, user)) {
        put(page, ", ");
        put_name(page, peer);
    }
    if (room.size > 0) {
        put(page, ", room ");
        put_name(page, room);
    }
}

static void put_evidence(const struct page *page, const struct finding *finding)
{
    struct finding few = *finding;
    if (few.evidence_count > PACKETS) {
        few.evidence_more += few.evidence_count - PACKETS;
        few.evidence_count = PACKETS;
    }
    if (few.evidence_count > 0) {
        put(page, few.evidence[0].row ? "Rows " : few.evidence_count > 1 ? "Packets " : "Packet ");
        put_sentence(page, audit_evidence(&few, page->summary, &page->report->arena, ", "));
        put(page, ". ");
    }
}

static void put_finding(const struct page *page, const struct finding *finding)
{
    char time[CLOCK_TEXT];
    enum baseline_mark mark = baseline_mark_of(page->report->baseline, finding->id);
    clock_date(finding->time, &page->report->style.zone, time);
    output_format(page->output, "- **No. %" PRIu64 "%s%s** `%s`, %s", finding->id,
                  mark == BASELINE_NONE ? "" : ", ",
                  mark == BASELINE_NONE ? "" : baseline_mark_name(mark), finding->rule, time);
    put_who(page, finding->user, finding->peer, finding->room);
    put(page, "\\\n  ");
    put_sentence(page, finding->message);
    put(page, "\\\n  ");
    put_evidence(page, finding);
    if (finding->call_id.size > 0) {
        put(page, "Call-ID ");
        put_name(page, finding->call_id);
        put(page, ". ");
    }
    if (finding->flow.size > 0) {
        put(page, "Call flow ");
        put_name(page, finding->flow);
        put(page, ", step ");
        put_name(page, finding->step);
        put(page, ". ");
    }
    put(page, "Basis: ");
    put_sentence(page, slice_of(finding->basis));
    put(page, ".\n");
}

/* Those of one severity and mark, at most *left of them. */
static void put_some(const struct page *page, enum severity severity, bool new_ones, size_t *left)
{
    const struct audit_report *report = page->report;
    for (size_t i = 0; i<report->count && * left> 0; i++) {
        const struct finding *finding = &report->findings[i];
        bool is_new = baseline_mark_of(report->baseline, finding->id) == BASELINE_NEW;
        if (finding->severity == severity && is_new == new_ones) {
            put_finding(page, finding);
            --*left;
        }
    }
}

static void put_findings(const struct page *page, enum severity severity)
{
    static const char *const titles[] = {
        [SEVERITY_NOTE] = "Notes", [SEVERITY_WARNING] = "Warnings", [SEVERITY_ERROR] = "Errors"};
    const struct audit_report *report = page->report;
    size_t count = 0;
    for (size_t i = 0; i < report->count; i++) {
        count += report->findings[i].severity == severity;
    }
    if (count == 0) {
        return;
    }
    output_format(page->output, "### %s (%zu)\n\n", titles[severity], count);
    size_t left = shown_of[severity];
    put_some(page, severity, true, &left);
    put_some(page, severity, false, &left);
    put_more(page, count, shown_of[severity], severity_name(severity));
    put(page, "\n");
}

static void put_gone(const struct page *page)
{
    const struct audit_baseline *baseline = page->report->baseline;
    if (!baseline || baseline->gone_count == 0) {
        return;
    }
    output_format(page->output, "### Gone (%zu)\n\n", baseline->gone_count);
    for (size_t i = 0; i < baseline->gone_count && i < GONE; i++) {
        const struct earlier_finding *gone = &baseline->gone[i];
        char time[CLOCK_TEXT];
        clock_date(gone->time, &page->report->style.zone, time);
        output_format(page->output, "- %s ", severity_name(gone->severity));
        put_name(page, gone->rule);
        output_format(page->output, ", %s", time);
        put_who(page, gone->user, gone->peer, gone->room);
        if (gone->message.size > 0) {
            put(page, "\\\n  ");
            put_sentence(page, gone->message);
        }
        put(page, "\n");
    }
    put_more(page, baseline->gone_count, GONE, "finding");
    put(page, "\n");
}

void audit_markdown_write(struct audit_report *report, const struct summary *summary,
                          struct output *output)
{
    const struct page page = {report, summary, output};
    put_title(&page);
    put_coverage(&page);
    put_verdict(&page);
    put_inputs(&page);
    put_options(&page);
    put_totals(&page);
    put_oddities(&page);
    for (int severity = SEVERITY_ERROR; severity >= SEVERITY_NOTE; severity--) {
        put_findings(&page, (enum severity)severity);
    }
    put_gone(&page);
    output_format(output, "Made with ocsight %s; `--format json` lists everything.\n",
                  report->style.version);
}
