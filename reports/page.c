/*
 * The page as a document: its head, its policy, and the order of its parts. See page.h.
 *
 * The policy is that of Content Security Policy Level 3 (W3C), in a meta element: nothing is
 * loaded from anywhere, and of scripts and styles only those whose digests stand in it run. The
 * messages stand behind the script in blocks of their own, so that the ladder is there before
 * they are read.
 */
#include "reports/page.h"

#include "reports/drawing.h"
#include "reports/page_data.h"
#include "reports/page_parts.h"
#include "reports/text.h"

static void write_part(struct output *output, const struct page_part *part)
{
    output_write(output, (struct slice){(const char *)part->bytes, part->size});
}

/* Text in the markup itself: all that HTML could take for something else becomes a number. */
static void write_escaped(struct output *output, struct slice text)
{
    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = slice_byte(text, i);
        bool plain = byte >= 0x80 || byte == ' ' || (byte >= '0' && byte <= '9') ||
                     (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
        if (plain) {
            output_byte(output, text.data[i]);
        } else {
            output_format(output, "&#%u;", byte);
        }
    }
}

static void write_head(const struct page_source *source, struct output *output)
{
    output_text(output, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    output_format(output,
                  "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                  "script-src 'sha256-%s'; style-src 'sha256-%s'; base-uri 'none'; "
                  "form-action 'none'\">\n",
                  page_script.digest, page_style.digest);
    output_text(output, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                        "<meta name=\"referrer\" content=\"no-referrer\">\n"
                        "<meta name=\"color-scheme\" content=\"light dark\">\n");
    output_format(output, "<meta name=\"generator\" content=\"ocsight %s\">\n<title>",
                  source->style->version);
    write_escaped(output, source->title);
    output_text(output, source->audit ? " &#8211; audit</title>\n" : " &#8211; ladder</title>\n");
    output_text(output, "<style>");
    write_part(output, &page_style);
    output_text(output, "</style>\n</head>\n");
}

/* Rows without a capture are called by their server. */
static struct slice title_of(const struct ladder_model *model, const struct summary *summary,
                             struct arena *arena)
{
    enum { COLUMNS = 60 };
    if (summary->input_count == 0 && summary->database_count > 0 && !model->options.title) {
        return text_brief(summary->databases[0].name, COLUMNS, arena);
    }
    return drawing_title(summary, model->options.title, "ladder", arena);
}

void page_write(const struct ladder_model *model, const struct summary *summary,
                const struct report_style *style, const struct page_audit *audit,
                struct output *output)
{
    struct arena arena;
    arena_init(&arena);
    struct page_source source = {
        .model = model,
        .summary = summary,
        .style = style,
        .audit = audit,
        .title = title_of(model, summary, &arena),
    };
    write_head(&source, output);
    write_part(output, &page_body);
    output_text(output, "<script type=\"application/json\" id=\"data\">");
    page_data_write(&source, output);
    output_text(output, "</script>\n<script>");
    write_part(output, &page_script);
    output_text(output, "</script>\n");
    page_messages_write(&source, output);
    output_text(output, "</body>\n</html>\n");
    arena_dispose(&arena);
}
