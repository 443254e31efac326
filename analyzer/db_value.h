/*
 * From the values of a row to the cells of a report: texts out of bytes, clients, addresses,
 * ticks, words for numbers, and what a presence document says.
 *
 * Called by db_run.c. Bytes are decoded here and never by the server (databases.md 3).
 */
#ifndef OCSIGHT_ANALYZER_DB_VALUE_H
#define OCSIGHT_ANALYZER_DB_VALUE_H

#include "analyzer/db_reports.h"
#include "decoders/body.h"
#include "sql/peer.h"

/* Holds the XML parser. */
struct db_reader {
    struct limits limits;
    struct body_reader *bodies;
    struct arena scratch; /* of one document */
};

void db_reader_init(struct db_reader *reader);
void db_reader_dispose(struct db_reader *reader);

/* Fills the cells of `fields` in; texts are copied into the table. */
void db_row_take(struct db_reader *reader, const struct db_field *fields, size_t count,
                 const struct peer_row *row, struct table *table, struct table_cell *cells);

/* "UCCAPI/15.0 OC/15.0 (Microsoft Lync)": what stands before the first blank, and behind it. */
struct slice db_client_version(struct slice client);
struct slice db_client_agent(struct slice client);

/* "aa01@192.0.2.11": what stands behind the @; "" without. */
struct slice db_call_address(struct slice call_id);

#endif
