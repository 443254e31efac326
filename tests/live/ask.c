/*
 * Connects to servers and runs one statement on each: what tests/check_connect.py drives.
 *
 *   ask STATEMENT [NAME=TEXT | NAME#INTEGER | NAME@NANOSECONDS]... [OPTIONS of ocsight]
 *
 * Rows are printed as NAME=VALUE with tabs between, "-- rows N fault F" at the end of each, remarks
 * as "-- remark ...". With STATEMENT "probe" the columns are counted instead.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/commands/run.h"
#include "analyzer/servers.h"
#include "sql/statement.h"

enum { MOST_PARAMETERS = 8 };

/* Takes the place of sql/statement.c: "test" is what the command line says. */
static const char *statement_of_test;

const char *statement_text(const char *name)
{
    const struct statement_text *row = statement_table;
    while (row->name && strcmp(row->name, name) != 0) {
        row++;
    }
    return row->name ? row->text : statement_of_test;
}

static const uint64_t allowed =
    OPTION_BIT(OPTION_SERVER) | OPTION_BIT(OPTION_LOGIN) | OPTION_BIT(OPTION_PASSWORD_FILE) |
    OPTION_BIT(OPTION_ENCRYPT) | OPTION_BIT(OPTION_CA_FILE) |
    OPTION_BIT(OPTION_TRUST_SERVER_CERTIFICATE) | OPTION_BIT(OPTION_ALLOW_PLAINTEXT_LOGIN) |
    OPTION_BIT(OPTION_TIMEOUT) | OPTION_BIT(OPTION_MAX_ROWS);

static void print_cell(const struct cell *cell)
{
    switch (cell->kind) {
    case CELL_NULL:
        printf("NULL");
        break;
    case CELL_INTEGER:
        printf("%" PRId64, cell->integer);
        break;
    case CELL_TIME:
        printf("@%" PRId64, cell->integer);
        break;
    case CELL_TEXT:
        printf("'%.*s'", (int)cell->bytes.size, cell->bytes.data);
        break;
    case CELL_BYTES:
        printf("0x");
        for (size_t i = 0; i < cell->bytes.size && i < 64; i++) {
            printf("%02x", slice_byte(cell->bytes, i));
        }
        printf("[%zu]", cell->bytes.size);
        break;
    }
}

static bool print_row(void *context, const struct peer_row *row)
{
    uint64_t *stop = context;
    for (size_t i = 0; i < row->count; i++) {
        printf("%s%s=", i > 0 ? "\t" : "", row->names[i]);
        print_cell(&row->cells[i]);
    }
    printf("\n");
    fflush(stdout);
    return *stop == 0 || row->number < *stop;
}

static size_t take_parameters(const char *const *words, size_t count, struct query_parameter *out)
{
    size_t taken = 0;
    for (size_t i = 0; i < count && taken < MOST_PARAMETERS; i++) {
        const char *mark = strpbrk(words[i] + 1, "=#@");
        size_t size = mark ? (size_t)(mark - words[i]) : 0;
        if (!mark) {
            continue;
        }
        char *name = malloc(size + 1);
        memcpy(name, words[i], size);
        name[size] = '\0';
        out[taken].name = name;
        out[taken++].value = *mark == '='   ? cell_of_text(slice_of(mark + 1))
                             : *mark == '#' ? cell_of_integer(strtoll(mark + 1, NULL, 10))
                                            : cell_of_time(strtoll(mark + 1, NULL, 10));
    }
    return taken;
}

static void ask_one(struct peer *peer, const struct options *options, enum exit_status *status)
{
    struct query_parameter parameters[MOST_PARAMETERS];
    uint64_t stop = getenv("ASK_STOP") ? strtoull(getenv("ASK_STOP"), NULL, 10) : 0;
    const struct row_sink sink = {&stop, print_row};
    struct slice name = peer_name(peer);
    const struct query query = {
        .statement = "test",
        .parameters = parameters,
        .parameter_count = take_parameters(options->words + 1, options->word_count - 1, parameters),
        .max_rows = options->max_rows,
    };
    bool probe = strcmp(options->words[0], "probe") == 0;
    struct peer_answer answer = probe ? peer_probe(peer) : peer_ask(peer, &query, &sink);
    *status = servers_complain(peer, &answer, *status);
    printf("-- %.*s rows %" PRIu64 " fault %d columns %zu\n", (int)name.size, name.data,
           answer.rows, (int)answer.fault, columns_count(peer_columns(peer)));
    for (size_t i = 0; i < query.parameter_count; i++) {
        free((void *)(uintptr_t)parameters[i].name);
    }
}

int main(int argc, char **argv)
{
    struct options options;
    char problem[512];
    enum exit_status status = EXIT_DONE;
    run_catch_interrupt();
    if (!options_parse(&options, allowed, POSITIONAL_WORDS, argv + 1, (size_t)argc - 1, problem,
                       sizeof problem) ||
        options.word_count == 0) {
        options_dispose(&options);
        return run_usage(NULL, problem);
    }
    statement_of_test = options.words[0];
    struct servers *servers = servers_connect(&options, &status);
    for (size_t i = 0; i < servers_remark_count(servers); i++) {
        printf("-- remark %s\n", servers_remark(servers, i));
    }
    int rounds = getenv("ASK_ROUNDS") ? atoi(getenv("ASK_ROUNDS")) : 1;
    while (rounds-- > 0) {
        for (size_t i = 0; i < servers_count(servers); i++) {
            ask_one(servers_peer(servers, i), &options, &status);
        }
    }
    servers_free(servers);
    options_dispose(&options);
    return status;
}
