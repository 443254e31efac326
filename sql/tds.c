/*
 * db-lib of FreeTDS. See tds.h; how it behaves was measured: facts in databases.md section 6.
 *
 * db-lib's handlers are the process's, not the connection's. They find their connection by its
 * user data, which is not there yet during a login: that is the one thing kept beside it.
 *
 * Values reach the server as parameters of sp_executesql only. FreeTDS sends the statement as
 * NVARCHAR up to 4000 bytes, and an empty text as NULL.
 */
#include "sql/tds.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sybdb.h>

#include "analyzer/engine/arena.h"
#include "analyzer/engine/compliance_time.h"
#include "sql/tds_config.h"

enum {
    NVARCHAR_MOST = 4000, /* bytes that FreeTDS still sends as NVARCHAR */
    BINARY_MOST = 8000,
    CONNECTIONS_MOST = 4096,
    ATTENTION_SECONDS = 5, /* for the server to confirm that it cancelled */
    WORDS_SIZE = 256,      /* of a number as text */
    TYPE_UNIQUE = 36,      /* uniqueidentifier; sybdb.h does not name it */
    GUID_SIZE = 16,
    GUID_TEXT = 36,
    DAYS_MOST = 106000, /* on either side of 1970, that ns of 64 bits reach */
    DAYS_0001_1970 = 719162,
    DAYS_1970_9999 = 2932896,
    NS_PER_TICK = 100,
};

#define NS_PER_SECOND  INT64_C(1000000000)
#define NS_PER_DAY     (86400 * NS_PER_SECOND)
#define DAYS_1900_1970 25567
#define TICKS_DAY      (NS_PER_DAY / NS_PER_TICK)

struct tds {
    DBPROCESS *process;
    const struct server_options *options;
    struct trouble *trouble; /* where the handlers write */
    bool attention;          /* was sent for the query that runs */
    struct trouble asked;    /* of the query that runs or ran last */
    struct arena row;        /* texts made for one row */
    struct cell *cells;
    const char **names;
    size_t columns; /* room in both */
    char problem[SERVER_PROBLEM];
};

/* What db-lib keeps for the whole process, and so must this. */
static struct {
    struct tds *opening; /* whose login runs */
    int log;             /* 1 + its number; 0 = none yet */
} library;

int tds_log(void)
{
    if (library.log == 0) {
        library.log = tds_log_new() + 1;
    }
    return library.log - 1;
}

/* ---- what db-lib calls ---- */

static struct tds *tds_of(DBPROCESS *process)
{
    BYTE *data = process ? dbgetuserdata(process) : NULL;
    return data ? (struct tds *)(void *)data : library.opening;
}

static int take_message(DBPROCESS *process, DBINT number, int state, int severity, char *text,
                        char *server, char *procedure, int line)
{
    struct tds *tds = tds_of(process);
    (void)state, (void)server, (void)procedure, (void)line;
    if (tds && severity > 10) {
        trouble_note_message(tds->trouble, number, text ? text : "");
    }
    return 0;
}

static bool is_break(int error)
{
    return error == SYBESEOF || error == SYBEREAD || error == SYBEWRIT || error == SYBEBTOK;
}

/*
 * Nothing came for the waiting time, or Ctrl-C: the first time the server is told to cancel; when
 * it does not confirm that either, the connection is given up.
 */
static int take_timeout(struct tds *tds)
{
    if (!tds->trouble->interrupted) {
        tds->trouble->timed_out = true;
    }
    if (library.opening == tds || tds->attention) {
        return INT_CANCEL;
    }
    tds->attention = true;
    dbsettime(ATTENTION_SECONDS);
    return INT_TIMEOUT;
}

static int take_error(DBPROCESS *process, int severity, int error, int system_error, char *text,
                      char *system_text)
{
    struct tds *tds = tds_of(process);
    (void)severity, (void)system_error, (void)system_text;
    if (!tds) {
        return INT_CANCEL;
    }
    if (error == SYBETIME) {
        return take_timeout(tds);
    }
    if (is_break(error)) {
        tds->trouble->cut_off = true;
    }
    if (error != SYBESMSG) {
        trouble_note_library(tds->trouble, text ? text : "");
    }
    return INT_CANCEL;
}

static bool is_interrupted(const struct tds *tds)
{
    return tds->options->interrupted && *tds->options->interrupted;
}

static int check_interrupt(void *process)
{
    struct tds *tds = tds_of(process);
    return tds && is_interrupted(tds) && !tds->attention;
}

/* It leads to take_timeout(), which sends the attention. */
static int handle_interrupt(void *process)
{
    tds_of(process)->trouble->interrupted = true;
    return INT_CANCEL;
}

/* ---- logging in ---- */

static LOGINREC *make_login(const struct server_options *options)
{
    LOGINREC *login = dblogin();
    if (!login) {
        memory_fatal();
    }
    DBSETLAPP(login, "ocsight");
    if (options->login) {
        DBSETLUSER(login, options->login);
        DBSETLPWD(login, options->password ? options->password : "");
    } else {
        DBSETLNETWORKAUTH(login, 1);
    }
    return login;
}

struct tds *tds_open(const char *configuration, const char *host,
                     const struct server_options *options, struct trouble *trouble)
{
    char path[TDS_CONFIG_PATH];
    struct tds *tds = memory_zero(1, sizeof *tds);
    tds->options = options;
    tds->trouble = trouble;
    arena_init(&tds->row);
    if (dbinit() != SUCCEED) {
        memory_fatal();
    }
    snprintf(path, sizeof path, "%s", configuration);
    dberrhandle(take_error);
    dbmsghandle(take_message);
    dbsetifile(path);
    dbsetmaxprocs(CONNECTIONS_MOST);
    dbsetlogintime((int)options->timeout);
    library.opening = tds;
    LOGINREC *login = make_login(options);
    tds->process = dbopen(login, host);
    dbloginfree(login);
    library.opening = NULL;
    if (!tds->process) {
        tds_close(tds);
        return NULL;
    }
    dbsetuserdata(tds->process, (BYTE *)(void *)tds);
    dbsetinterrupt(tds->process, check_interrupt, handle_interrupt);
    tds->trouble = &tds->asked;
    return tds;
}

void tds_close(struct tds *tds)
{
    if (tds->process) {
        dbclose(tds->process);
    }
    dbexit();
    arena_dispose(&tds->row);
    free(tds->cells);
    free(tds->names);
    free(tds);
}

/* ---- cells ---- */

/*
 * Dates reach from year 1 to 9999, and 9999-12-31 often stands for "never"; ns since 1970 only from
 * 1677 to 2262. What lies outside is a text; what is no date, as it came.
 */
static struct cell cell_of_days(struct tds *tds, int64_t days_since_1900, int64_t ns,
                                struct slice bytes)
{
    int64_t days = days_since_1900 - DAYS_1900_1970;
    if (days < -DAYS_0001_1970 || days > DAYS_1970_9999 || ns < 0 || ns >= NS_PER_DAY) {
        return (struct cell){.kind = CELL_BYTES, .bytes = bytes};
    }
    if (days > -DAYS_MOST && days < DAYS_MOST) {
        return cell_of_time(days * NS_PER_DAY + ns);
    }
    char *out = arena_alloc(&tds->row, TICKS_TEXT);
    struct slice text = ticks_text((days + DAYS_0001_1970) * TICKS_DAY + ns / NS_PER_TICK, out);
    return cell_of_text(slice_sub(text, 0, text.size - 1)); /* no zone is known: no Z */
}

/* The first three groups are little-endian. */
static struct slice text_of_guid(struct arena *arena, const BYTE *bytes)
{
    static const unsigned char order[GUID_SIZE] = {3, 2, 1,  0,  5,  4,  7,  6,
                                                   8, 9, 10, 11, 12, 13, 14, 15};
    char *out = arena_alloc(arena, GUID_TEXT + 1);
    size_t used = 0;
    for (size_t i = 0; i < GUID_SIZE; i++) {
        bool dash = i == 4 || i == 6 || i == 8 || i == 10;
        used += (size_t)snprintf(out + used, GUID_TEXT + 1 - used, "%s%02x", dash ? "-" : "",
                                 bytes[order[i]]);
    }
    return (struct slice){out, used};
}

/* decimal, float, money and what else there is, in db-lib's words. */
static struct cell cell_of_words(struct tds *tds, int type, const BYTE *data, DBINT size)
{
    char *out = arena_alloc(&tds->row, WORDS_SIZE);
    DBINT got = dbconvert(tds->process, type, data, size, SYBCHAR, (BYTE *)out, WORDS_SIZE - 1);
    struct slice text = {out, got > 0 ? (size_t)got : 0};
    return got < 0 ? (struct cell){.kind = CELL_NULL} : cell_of_text(slice_trim(text));
}

/* Milliseconds are what SQL Server shows of the 300ths of a second that it keeps. */
static struct cell cell_of_datetime(struct tds *tds, struct slice bytes)
{
    DBDATETIME value;
    memcpy(&value, bytes.data, sizeof value);
    int64_t ns = ((int64_t)value.dttime * 10 + 1) / 3 * 1000000;
    return cell_of_days(tds, value.dtdays, ns, bytes);
}

static struct cell cell_of_datetime4(struct tds *tds, struct slice bytes)
{
    DBDATETIME4 value;
    memcpy(&value, bytes.data, sizeof value);
    return cell_of_days(tds, value.days, (int64_t)value.minutes * 60 * NS_PER_SECOND, bytes);
}

static struct cell cell_of_datetime2(struct tds *tds, struct slice bytes)
{
    DBDATETIMEALL value;
    memcpy(&value, bytes.data, sizeof value);
    bool fits = value.time < (uint64_t)TICKS_DAY;
    return cell_of_days(tds, value.date, fits ? (int64_t)value.time * NS_PER_TICK : -1, bytes);
}

/* How many bytes a value of that type has; 0 = as many as it likes. */
static size_t fixed_size(int type)
{
    switch (type) {
    case SYBBIT:
    case SYBBITN:
    case SYBINT1:
        return 1;
    case SYBINT2:
        return sizeof(DBSMALLINT);
    case SYBINT4:
        return sizeof(DBINT);
    case SYBINT8:
        return sizeof(DBBIGINT);
    case SYBDATETIME:
        return sizeof(DBDATETIME);
    case SYBDATETIME4:
        return sizeof(DBDATETIME4);
    case SYBMSDATE:
    case SYBMSDATETIME2:
    case SYBMSDATETIMEOFFSET:
        return sizeof(DBDATETIMEALL);
    case TYPE_UNIQUE:
        return GUID_SIZE;
    default:
        return 0;
    }
}

/* db-lib's data are not aligned for their types. */
#define COPY_OF(type, data) (*(type *)memcpy(&(type){0}, (data), sizeof(type)))

static struct cell cell_of(struct tds *tds, int column)
{
    const BYTE *data = dbdata(tds->process, column);
    DBINT size = dbdatlen(tds->process, column);
    int type = dbcoltype(tds->process, column);
    struct slice bytes = {(const char *)data, size > 0 ? (size_t)size : 0};
    if (!data) {
        return (struct cell){.kind = CELL_NULL};
    }
    if (bytes.size < fixed_size(type)) {
        return (struct cell){.kind = CELL_BYTES, .bytes = bytes};
    }
    switch (type) {
    case SYBBIT:
    case SYBBITN:
    case SYBINT1:
        return cell_of_integer(*data);
    case SYBINT2:
        return cell_of_integer(COPY_OF(DBSMALLINT, data));
    case SYBINT4:
        return cell_of_integer(COPY_OF(DBINT, data));
    case SYBINT8:
        return cell_of_integer(COPY_OF(DBBIGINT, data));
    case SYBCHAR:
    case SYBVARCHAR:
    case SYBTEXT:
    case SYBNTEXT:
    case SYBNVARCHAR:
        return cell_of_text(bytes);
    case SYBBINARY:
    case SYBVARBINARY:
    case SYBIMAGE:
        return (struct cell){.kind = CELL_BYTES, .bytes = bytes};
    case SYBDATETIME:
        return cell_of_datetime(tds, bytes);
    case SYBDATETIME4:
        return cell_of_datetime4(tds, bytes);
    case SYBMSDATE:
    case SYBMSDATETIME2:
    case SYBMSDATETIMEOFFSET:
        return cell_of_datetime2(tds, bytes);
    case TYPE_UNIQUE:
        return cell_of_text(text_of_guid(&tds->row, data));
    default:
        return cell_of_words(tds, type, data, size);
    }
}

/* ---- rows ---- */

struct asking {
    struct tds *tds;
    const struct query *query;
    const struct row_sink *sink;
    uint64_t rows;
    enum peer_fault end; /* PEER_FINE, PEER_STOPPED, PEER_CUT */
};

static void make_room(struct tds *tds, size_t columns)
{
    if (columns > tds->columns) {
        tds->cells = memory_grow(tds->cells, columns, sizeof *tds->cells);
        tds->names = memory_grow(tds->names, columns, sizeof *tds->names);
        tds->columns = columns;
    }
}

/* False = no more rows are wanted. */
static bool hand_on(struct asking *asking, size_t columns)
{
    struct tds *tds = asking->tds;
    if (asking->query->max_rows > 0 && asking->rows == asking->query->max_rows) {
        asking->end = PEER_CUT;
        return false;
    }
    arena_reset(&tds->row);
    for (size_t i = 0; i < columns; i++) {
        tds->cells[i] = cell_of(tds, (int)i + 1);
    }
    const struct peer_row row = {
        .names = tds->names, .cells = tds->cells, .count = columns, .number = ++asking->rows};
    if (!asking->sink->row(asking->sink->context, &row)) {
        asking->end = PEER_STOPPED;
        return false;
    }
    return true;
}

/* Of one result; false = it broke off, or no more is wanted. */
static bool take_rows(struct asking *asking)
{
    struct tds *tds = asking->tds;
    size_t columns = (size_t)dbnumcols(tds->process);
    STATUS status = NO_MORE_ROWS;
    make_room(tds, columns);
    for (size_t i = 0; i < columns; i++) {
        const char *name = dbcolname(tds->process, (int)i + 1);
        tds->names[i] = name ? name : "";
    }
    while ((status = dbnextrow(tds->process)) == REG_ROW) {
        if (is_interrupted(tds)) {
            tds->asked.interrupted = true;
            return false;
        }
        if (!hand_on(asking, columns)) {
            return false;
        }
    }
    return status == NO_MORE_ROWS;
}

/* True = everything came, or as much as was wanted. */
static bool take_results(struct asking *asking)
{
    struct tds *tds = asking->tds;
    RETCODE code = dbsqlok(tds->process);
    while (code == SUCCEED && (code = dbresults(tds->process)) == SUCCEED) {
        if (dbnumcols(tds->process) > 0 && !take_rows(asking)) {
            code = FAIL;
        }
        /* Results without rows wait for nothing, so that check_interrupt() is not called. */
        if (is_interrupted(tds)) {
            tds->asked.interrupted = true;
            code = FAIL;
        }
    }
    if (asking->end != PEER_FINE) {
        return true;
    }
    return code == NO_MORE_RESULTS && tds->asked.message == 0 && !tds->asked.interrupted &&
           !tds->asked.timed_out;
}

/* ---- sending ---- */

static void add_declaration(struct buffer *declarations, const char *name, const char *type)
{
    (void)(buffer_append_text(declarations, declarations->size > 0 ? ", " : "") &&
           buffer_append_text(declarations, name) && buffer_append_text(declarations, " ") &&
           buffer_append_text(declarations, type));
}

static const char *declared_type(enum cell_kind kind)
{
    switch (kind) {
    case CELL_INTEGER:
        return "bigint";
    case CELL_BYTES:
        return "varbinary(8000)";
    case CELL_TIME:
        return "datetime";
    case CELL_TEXT:
    case CELL_NULL:
        break;
    }
    return "nvarchar(4000)";
}

/* To the nearest 300th of a second that is still on that day. */
static DBDATETIME datetime_of(int64_t time)
{
    const int64_t last = INT64_C(86400) * 300 - 1;
    int64_t days = time / NS_PER_DAY;
    int64_t rest = time % NS_PER_DAY;
    if (rest < 0) {
        rest += NS_PER_DAY;
        days--;
    }
    int64_t ticks = (rest / 1000000 * 3 + 5) / 10;
    return (DBDATETIME){.dtdays = (DBINT)(days + DAYS_1900_1970),
                        .dttime = (DBINT)(ticks < last ? ticks : last)};
}

/* Values must live until they are sent: `arena` holds them. */
static bool add_parameter(struct tds *tds, struct arena *arena, const char *name,
                          const struct cell *cell)
{
    DBBIGINT *integer;
    DBDATETIME *time;
    BYTE *bytes;
    switch (cell->kind) {
    case CELL_INTEGER:
        integer = arena_alloc(arena, sizeof *integer);
        *integer = cell->integer;
        return dbrpcparam(tds->process, name, 0, SYBINT8, -1, -1, (BYTE *)integer) == SUCCEED;
    case CELL_TIME:
        time = arena_alloc(arena, sizeof *time);
        *time = datetime_of(cell->integer);
        return dbrpcparam(tds->process, name, 0, SYBDATETIME, -1, -1, (BYTE *)time) == SUCCEED;
    case CELL_NULL:
    case CELL_TEXT:
    case CELL_BYTES:
        break;
    }
    struct slice value = cell->kind == CELL_NULL ? slice_of("") : cell->bytes;
    bytes = arena_alloc(arena, value.size + 1);
    memcpy(bytes, value.size > 0 ? value.data : "", value.size);
    return dbrpcparam(tds->process, name, 0, cell->kind == CELL_BYTES ? SYBVARBINARY : SYBVARCHAR,
                      -1, (DBINT)value.size, bytes) == SUCCEED;
}

static bool send_query(struct tds *tds, const char *text, const struct query *query)
{
    struct arena values;
    struct buffer declarations;
    arena_init(&values);
    buffer_init(&declarations, NVARCHAR_MOST);
    const struct cell statement = cell_of_text(slice_of(text));
    for (size_t i = 0; i < query->parameter_count; i++) {
        add_declaration(&declarations, query->parameters[i].name,
                        declared_type(query->parameters[i].value.kind));
    }
    const struct cell declared = cell_of_text(buffer_slice(&declarations));
    bool fine = dbrpcinit(tds->process, "sp_executesql", 0) == SUCCEED &&
                add_parameter(tds, &values, NULL, &statement);
    if (query->parameter_count > 0) {
        fine = fine && add_parameter(tds, &values, NULL, &declared);
    }
    for (size_t i = 0; fine && i < query->parameter_count; i++) {
        fine = add_parameter(tds, &values, query->parameters[i].name, &query->parameters[i].value);
    }
    fine = fine && dbrpcsend(tds->process) == SUCCEED;
    buffer_dispose(&declarations);
    arena_dispose(&values);
    return fine;
}

/* ---- asking ---- */

static void begin(struct tds *tds)
{
    tds->asked = (struct trouble){0};
    tds->attention = false;
    dbsettime((int)tds->options->timeout);
}

/* Nothing of the query is left on the connection. */
static void settle(struct tds *tds)
{
    if (!DBDEAD(tds->process)) {
        dbcancel(tds->process);
    }
    tds->asked.dead = DBDEAD(tds->process);
}

/* One attempt; true = it went well. */
static bool attempt(struct asking *asking, const char *text)
{
    struct tds *tds = asking->tds;
    bool fine = false;
    begin(tds);
    if (is_interrupted(tds)) {
        tds->asked.interrupted = true;
    } else if (!DBDEAD(tds->process)) {
        fine = send_query(tds, text, asking->query) && take_results(asking);
    }
    if (!fine || asking->end != PEER_FINE) {
        const struct trouble first = tds->asked;
        settle(tds);
        if (fine) {
            tds->asked = first;
        }
    }
    return fine;
}

/* What FreeTDS could not send as it should be, in words; NULL = it can. */
static const char *refusal(const char *text, const struct query *query)
{
    if (strlen(text) > NVARCHAR_MOST) {
        return "the statement is over 4000 bytes, which FreeTDS cannot send with parameters";
    }
    for (size_t i = 0; i < query->parameter_count; i++) {
        const struct cell *value = &query->parameters[i].value;
        size_t most = value->kind == CELL_BYTES ? BINARY_MOST : NVARCHAR_MOST;
        if ((value->kind == CELL_TEXT || value->kind == CELL_BYTES) && value->bytes.size > most) {
            return "a value to look for is over 4000 bytes";
        }
    }
    return NULL;
}

static struct peer_answer ask(void *context, const char *text, const struct query *query,
                              const struct row_sink *sink)
{
    struct tds *tds = context;
    struct asking asking = {.tds = tds, .query = query, .sink = sink};
    const char *refused = refusal(text, query);
    bool retried = false;
    if (refused) {
        return (struct peer_answer){.fault = PEER_FAILED, .problem = refused, .absent = ""};
    }
    bool fine = attempt(&asking, text);
    if (!fine && asking.rows == 0 && trouble_is_passing(&tds->asked)) {
        retried = true;
        fine = attempt(&asking, text);
    }
    tds->problem[0] = '\0';
    enum peer_fault fault = fine ? asking.end
                                 : trouble_of_query(&tds->asked, asking.rows, retried,
                                                    tds->options->timeout, tds->problem);
    return (struct peer_answer){
        .fault = fault, .rows = asking.rows, .problem = tds->problem, .absent = ""};
}

/* As a batch: what is SET inside sp_executesql ends with it. */
bool tds_run(struct tds *tds, const char *text, struct trouble *trouble)
{
    RETCODE code = FAIL;
    begin(tds);
    if (dbcmd(tds->process, text) == SUCCEED && dbsqlexec(tds->process) == SUCCEED) {
        while ((code = dbresults(tds->process)) == SUCCEED) {
            dbcanquery(tds->process);
        }
    }
    bool fine = code == NO_MORE_RESULTS && tds->asked.message == 0;
    if (!fine) {
        settle(tds);
    }
    *trouble = tds->asked;
    return fine;
}

static void close_peer(void *context)
{
    tds_close(context);
}

const struct peer_type tds_peer = {.dialect = DIALECT_TSQL, .ask = ask, .close = close_peer};
