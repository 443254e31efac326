/*
 * What stands in the columns of rtc, rtcdyn, mgc and mgccomp, so that it can be put into
 * pseudonyms.
 *
 * By the name of the column, as statements give it; for whole tables its table counts, too.
 * facts/databases.md sections 2, 3 and 8.
 */
#ifndef OCSIGHT_ANALYZER_REDACTED_COLUMNS_H
#define OCSIGHT_ANALYZER_REDACTED_COLUMNS_H

#include "sql/peer.h"

enum column_content {
    CONTENT_UNKNOWN,  /* replaced whole */
    CONTENT_PLAIN,    /* the product's own words */
    CONTENT_WORD,     /* the same, but somebody may have added others */
    CONTENT_USER,     /* "ann@contoso.example" */
    CONTENT_URI,      /* "sip:ann@contoso.example", "ma-chan://contoso.example/300" */
    CONTENT_HOST,     /* "fe01.contoso.example" */
    CONTENT_ADDRESS,  /* "net.tcp://pc01.contoso.example:8011/" */
    CONTENT_MEMBER,   /* of a container: a user, a domain */
    CONTENT_ROOM,     /* the name of a room or of a folder of rooms */
    CONTENT_CHAT,     /* a posted text */
    CONTENT_NAME,     /* written by people: names, descriptions */
    CONTENT_GROUP,    /* the same; "~" is the group that everybody has */
    CONTENT_ID,       /* an identifier */
    CONTENT_CALL,     /* a Call-ID, which may end in an address */
    CONTENT_AGENT,    /* a User-Agent */
    CONTENT_FROM,     /* the value of a From header field */
    CONTENT_DOCUMENT, /* presence XML */
};

/* `index` is the cell's; texts and bytes only: numbers and times tell of nobody. */
enum column_content column_content_of(const struct query *query, const struct peer_row *row,
                                      size_t index);

/* The statement tells of tables and columns, not of people. */
bool column_content_none(const struct query *query);

#endif
