/*
 * Opening a snapshot. See snapshot.h.
 */
#include "sql/snapshot.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/engine/arena.h"
#include "sql/lite.h"
#include "sql/peer_lite.h"
#include "sql/statement.h"
#include "sql/trouble.h"

/* A file may claim more than anybody can have asked. */
enum { SERVERS_MOST = 1000, REMARKS_MOST = 10000, REMARK_SIZE = 400 };

struct server_part {
    struct peer *peer;
    int64_t taken;
};

struct snapshot {
    struct lite *database;
    struct server_part *servers;
    size_t server_count;
    struct slice *remarks; /* each ends in NUL */
    size_t remark_count;
};

/* ---- whose file is it? ---- */

bool snapshot_is(const char *path)
{
    uint32_t application;
    return lite_peek(path, &application) && application == SNAPSHOT_APPLICATION;
}

/* ---- remarks ---- */

static void remark(struct snapshot *snapshot, struct slice name, const char *words)
{
    if (snapshot->remark_count < REMARKS_MOST) {
        char text[REMARK_SIZE];
        char plain[REMARK_SIZE];
        snprintf(text, sizeof text, "%.*s: %s", (int)(name.size < 200 ? name.size : 200), name.data,
                 words);
        snapshot->remarks =
            memory_grow(snapshot->remarks, snapshot->remark_count + 1, sizeof *snapshot->remarks);
        trouble_line(plain, sizeof plain, slice_of(text)); /* names stand in the file */
        snapshot->remarks[snapshot->remark_count++] = memory_keep(slice_of(plain));
    }
}

static void remark_table(struct snapshot *snapshot, struct slice name,
                         const struct lite_statement *row)
{
    char words[REMARK_SIZE];
    struct slice database = lite_column_bytes(row, 0);
    struct slice table = lite_column_bytes(row, 1);
    struct slice state = lite_column_bytes(row, 2);
    struct slice problem = lite_column_bytes(row, 4);
    int at = snprintf(words, sizeof words, "%.*s.%.*s: ", (int)database.size, database.data,
                      (int)(table.size < 100 ? table.size : 100), table.data);
    size_t used = at > 0 && (size_t)at < sizeof words ? (size_t)at : 0;
    if (slice_equal(state, slice_of("cut"))) {
        snprintf(words + used, sizeof words - used, "cut by --max-rows: %" PRId64 " rows kept",
                 lite_column_integer(row, 3));
    } else {
        snprintf(words + used, sizeof words - used, "not kept: %.*s",
                 (int)(problem.size < 200 ? problem.size : 200), problem.data);
    }
    remark(snapshot, name, words);
}

static bool read_gaps(struct snapshot *snapshot, struct slice name, int64_t server)
{
    struct lite_statement *rows = lite_prepare(snapshot->database, statement_text("snapshot/gaps"));
    enum lite_step step = LITE_STEP_FAILED;
    if (rows) {
        lite_bind_integer(rows, 1, server);
        while ((step = lite_step(rows)) == LITE_STEP_ROW) {
            remark_table(snapshot, name, rows);
        }
    }
    lite_free(rows);
    return step == LITE_STEP_DONE;
}

/* ---- servers ---- */

static bool take_server(struct snapshot *snapshot, const struct lite_statement *row)
{
    struct slice name = lite_column_bytes(row, 1);
    int64_t server = lite_column_integer(row, 0);
    if (server < 1 || snapshot->server_count == SERVERS_MOST) {
        return false;
    }
    if (lite_column_time(row, 3) == TIME_NONE) {
        remark(snapshot, name,
               "unfinished: the snapshot broke off, its rows are not the whole "
               "(ocsight store snapshot --append takes it anew)");
    }
    snapshot->servers =
        memory_grow(snapshot->servers, snapshot->server_count + 1, sizeof *snapshot->servers);
    snapshot->servers[snapshot->server_count++] = (struct server_part){
        .peer = peer_lite_new(snapshot->database, name, server),
        .taken = lite_column_integer(row, 2),
    };
    return read_gaps(snapshot, name, server);
}

static bool read_servers(struct snapshot *snapshot)
{
    struct lite_statement *rows =
        lite_prepare(snapshot->database, statement_text("snapshot/servers"));
    enum lite_step step = LITE_STEP_FAILED;
    while (rows && (step = lite_step(rows)) == LITE_STEP_ROW) {
        if (!take_server(snapshot, rows)) {
            step = LITE_STEP_FAILED;
            break;
        }
    }
    lite_free(rows);
    return step == LITE_STEP_DONE;
}

/* "" = it is ours and of a version that is understood. */
static const char *identity_problem(struct lite *database)
{
    struct lite_statement *row = lite_prepare(database, statement_text("snapshot/identity"));
    const char *problem = "it is no snapshot of servers";
    if (row && lite_step(row) == LITE_STEP_ROW) {
        bool ours = lite_column_integer(row, 0) == SNAPSHOT_APPLICATION;
        int64_t version = lite_column_integer(row, 1);
        if (ours && version > SNAPSHOT_VERSION) {
            problem = "it was written by a later version of ocsight, which is needed to read it";
        } else if (ours) {
            problem = version == SNAPSHOT_VERSION ? "" : "it was never finished being made";
        }
    } else {
        problem = lite_problem(database);
    }
    lite_free(row);
    return problem;
}

struct snapshot *snapshot_open(const char *path, char problem[static SNAPSHOT_PROBLEM])
{
    struct snapshot *snapshot = memory_zero(1, sizeof *snapshot);
    snapshot->database = lite_open(path, LITE_READ);
    const char *words = lite_problem(snapshot->database);
    if (lite_fault(snapshot->database) == LITE_FINE) {
        words = identity_problem(snapshot->database);
    }
    if (*words == '\0' && !read_servers(snapshot)) {
        words = lite_fault(snapshot->database) == LITE_FINE ? "the file is damaged"
                                                            : lite_problem(snapshot->database);
    }
    snprintf(problem, SNAPSHOT_PROBLEM, "%s: %s", path, words);
    if (*words != '\0') {
        snapshot_close(snapshot);
        return NULL;
    }
    return snapshot;
}

void snapshot_close(struct snapshot *snapshot)
{
    if (snapshot) {
        for (size_t i = 0; i < snapshot->server_count; i++) {
            peer_close(snapshot->servers[i].peer);
        }
        for (size_t i = 0; i < snapshot->remark_count; i++) {
            slice_drop(&snapshot->remarks[i]);
        }
        free(snapshot->servers);
        free(snapshot->remarks);
        lite_close(snapshot->database);
        free(snapshot);
    }
}

size_t snapshot_count(const struct snapshot *snapshot)
{
    return snapshot->server_count;
}

struct peer *snapshot_peer(const struct snapshot *snapshot, size_t index)
{
    return snapshot->servers[index].peer;
}

int64_t snapshot_taken(const struct snapshot *snapshot, size_t index)
{
    return snapshot->servers[index].taken;
}

size_t snapshot_remark_count(const struct snapshot *snapshot)
{
    return snapshot->remark_count;
}

const char *snapshot_remark(const struct snapshot *snapshot, size_t index)
{
    return snapshot->remarks[index].data;
}
