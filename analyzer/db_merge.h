/*
 * Rows of several servers put together, and the reports that need more than one row for each that
 * came.
 *
 * A user's persistent rows lie on up to three front ends, endpoints and registrations only on the
 * one that it is registered with (databases.md 1 and 10).
 */
#ifndef OCSIGHT_ANALYZER_DB_MERGE_H
#define OCSIGHT_ANALYZER_DB_MERGE_H

struct db_run;

/* As the report's db_merge says: rows that another server holds as well are dropped. */
void db_merge(struct db_run *run);

/* Registrations grouped by client, each user counted once. */
void db_gather_clients(struct db_run *run);

/* One server counts itself; of several the pairs are counted here, each once. */
void db_gather_popularity(struct db_run *run);
void db_finish_popularity(struct db_run *run);

/* Who is registered with another front end is registered. */
void db_finish_stale(struct db_run *run);

/* Who says the same is one row; users of whom several things are said are marked. */
void db_finish_frontends(struct db_run *run);

/* How many events lie between the newest one and the last that was processed. */
void db_finish_lag(struct db_run *run);

/* Joined here where mgc and mgccomp lie on different servers. */
void db_gather_participants(struct db_run *run);

#endif
