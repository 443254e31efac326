/*
 * What the engine and the audit made of a run, into the derived tables of a store
 * (sql/store/derived.sql): an ordinary sink.
 *
 * Beside the run that fills a new store, or a run that reads the whole store again. The changes
 * that only compare what was shown with what should be (CHANGE_TOLD, CHANGE_AGGREGATE,
 * CHANGE_ROSTER, CHANGE_COMMAND) are not kept: they are more than the messages themselves, and
 * what is wrong about them is among the findings.
 */
#ifndef OCSIGHT_SQL_STORE_DERIVED_H
#define OCSIGHT_SQL_STORE_DERIVED_H

#include "analyzer/engine/sink.h"
#include "sql/store.h"

/* Version of derived.sql and views.sql; raised with every change of them. */
enum { STORE_DERIVED = 1 };

/* Are the derived tables those of this program and these rules, for all runs? */
bool store_is_derived(struct store *store, const char *tool, const char *rules);

struct store_derived;

/*
 * Empties the derived tables. `beside` = during the run that store_begin_run() began, right behind
 * each row of its messages; the store then holds no other run. Else the whole store is read again
 * as an input while the rows wait in a temporary file, and store_derived_step() says when a
 * message of it comes.
 */
struct store_derived *store_derived_new(struct store *store, const char *tool, const char *rules,
                                        bool beside);
struct sink store_derived_sink(struct store_derived *derived);
void store_derived_step(struct store_derived *derived);

/*
 * After the last of them, and when nobody reads the store any more: what was held back, the
 * indexes, and the tables are complete.
 */
bool store_derived_end(struct store_derived *derived);
void store_derived_free(struct store_derived *derived);

#endif
