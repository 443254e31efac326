/*
 * The fixed parts of the HTML page, embedded by reports/page/embed.cmake from the files in
 * reports/page. Only page.c uses them.
 */
#ifndef OCSIGHT_REPORTS_PAGE_PARTS_H
#define OCSIGHT_REPORTS_PAGE_PARTS_H

#include <stddef.h>

struct page_part {
    const unsigned char *bytes;
    size_t size;
    const char *digest; /* SHA-256 of the bytes in Base64, as a content security policy names it */
};

extern const struct page_part page_style;
extern const struct page_part page_body;
extern const struct page_part page_script;

#endif
