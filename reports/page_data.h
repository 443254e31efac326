/*
 * What a page shows, as the JSON that its script reads (reports/page/data.js). Only page.c calls
 * it. Names of keys are between these two; they are no interface for anybody else.
 */
#ifndef OCSIGHT_REPORTS_PAGE_DATA_H
#define OCSIGHT_REPORTS_PAGE_DATA_H

#include "reports/page.h"

/* Borrowed. */
struct page_source {
    const struct ladder_model *model;
    const struct summary *summary;
    const struct report_style *style;
    const struct page_audit *audit; /* NULL = a ladder */
    struct slice title;
};

/* One object: everything but the messages in full. */
void page_data_write(const struct page_source *source, struct output *output);

/*
 * Its members "rows", "columns" and "words", and what lies between and beside the rows
 * (page_rows.c). A row is an array: numbers of texts in "words" (page_words.h), then other values
 * (null = there is none), then its flags as bits; "columns" names all of them in that order.
 */
void page_rows_write(const struct page_source *source, struct json *json);

/*
 * The messages in full, in blocks: `<script type="application/json" id="messages-N">` with "texts",
 * each an array of numbers of lines, and "lines" (page_words.h). That of the nth row that has one
 * (flag "text"), counted from 0, stands in block n / PAGE_BLOCK.
 */
enum { PAGE_BLOCK = 512 };

void page_messages_write(const struct page_source *source, struct output *output);

#endif
