/*
 * The key of --redact, and the command line in pseudonyms. See redaction.h.
 *
 * Option values are repeated by reports: kept is what cannot name anybody (times, numbers, rules,
 * formats), everything else becomes a pseudonym, of whatever kind.
 */
#include "analyzer/redaction.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#include "decoders/digest.h"
#include "decoders/redact.h"

struct redaction {
    struct pseudonym_key key;
    struct redactor *redactor;
    struct arena arena;
};

/* ---- the key ---- */

enum { KEY_FILE_MAX = 4096 };

static enum exit_status read_key(const char *file, struct pseudonym_key *key, char *problem,
                                 size_t problem_size)
{
    enum exit_status status = EXIT_DONE;
    char bytes[KEY_FILE_MAX + 1];
    FILE *stream = fopen(file, "rb");
    size_t size = stream ? fread(bytes, 1, sizeof bytes, stream) : 0;
    bool fine = stream && !ferror(stream);
    int cause = errno;
    if (stream) {
        fclose(stream);
    }
    if (!fine) {
        snprintf(problem, problem_size, "--redact-key %s: %s", file, strerror(cause));
        status = EXIT_INPUT;
    } else if (size < REDACTION_KEY_MIN || size > KEY_FILE_MAX) {
        snprintf(problem, problem_size, "--redact-key %s: a key has %d to %d bytes", file,
                 REDACTION_KEY_MIN, KEY_FILE_MAX);
        status = EXIT_USAGE;
    } else {
        struct digest *digest = digest_new();
        digest_bytes(digest, (struct slice){bytes, size}, key->bytes);
        digest_free(digest);
    }
    memset(bytes, 0, sizeof bytes);
    return status;
}

/* Nothing else will do: names under a key that can be guessed would be names that can be read. */
static enum exit_status random_key(struct pseudonym_key *key, char *problem, size_t problem_size)
{
    size_t got = 0;
    while (got < sizeof key->bytes) {
        ssize_t more = getrandom(key->bytes + got, sizeof key->bytes - got, 0);
        if (more < 0 && errno != EINTR) {
            snprintf(problem, problem_size, "--redact: the system gives no random key: %s",
                     strerror(errno));
            return EXIT_INTERNAL;
        }
        got += more > 0 ? (size_t)more : 0;
    }
    return EXIT_DONE;
}

static enum exit_status find_key(const char *file, struct pseudonym_key *key, char *problem,
                                 size_t problem_size)
{
    return file ? read_key(file, key, problem, problem_size)
                : random_key(key, problem, problem_size);
}

/* ---- the options ---- */

static void replace(struct slice *kept, struct slice name)
{
    slice_drop(kept);
    *kept = memory_keep(name);
}

/* Only a pattern for everybody can be matched by pseudonyms. */
static bool is_pattern(struct slice text)
{
    return slice_find_byte(text, '*') != SLICE_NONE && !slice_equal(text, slice_of("*"));
}

static struct slice keep(struct redaction *redaction, struct slice name)
{
    return arena_keep(&redaction->arena, name);
}

static bool is_everybody(struct slice text)
{
    return slice_equal(text, slice_of("*"));
}

static struct slice user_name(struct redaction *redaction, struct slice user)
{
    return is_everybody(user) ? user : keep(redaction, redact_user(redaction->redactor, user));
}

static struct slice room_name(struct redaction *redaction, struct slice room)
{
    return is_everybody(room) ? room : keep(redaction, redact_room(redaction->redactor, room));
}

static struct slice id_name(struct redaction *redaction, struct slice id)
{
    return keep(redaction, redact_id(redaction->redactor, id));
}

/* A number is one of the dialogs report, else it is a Call-ID. */
static struct slice dialog_name(struct redaction *redaction, struct slice dialog)
{
    uint64_t number;
    return slice_to_u64(dialog, &number) ? dialog : id_name(redaction, dialog);
}

static void rename_selection(struct redaction *redaction, struct options *options)
{
    for (size_t i = 0; i < options->user_count; i++) {
        replace(&options->users[i], user_name(redaction, options->users[i]));
    }
    replace(&options->watcher, user_name(redaction, options->watcher));
    options->call_id = id_name(redaction, options->call_id);
    options->dialog = dialog_name(redaction, options->dialog);
    options->room = room_name(redaction, options->room);
    options->transcript = room_name(redaction, options->transcript);
    for (size_t i = 0; i < options->name_count; i++) {
        struct slice *of = &options->names[i].of;
        *of = keep(redaction, redact_host(redaction->redactor, *of));
    }
}

/* Options whose values name nobody. */
static bool is_plain(const char *name)
{
    static const enum option_id plain[] = {
        OPTION_AT,      OPTION_ENCRYPT,  OPTION_FAIL_ON, OPTION_FINDING, OPTION_FLOW,
        OPTION_FORMAT,  OPTION_FROM,     OPTION_LIMIT,   OPTION_NO_RULE, OPTION_ONLY,
        OPTION_PAPER,   OPTION_MAX_ROWS, OPTION_RULE,    OPTION_SCALE,   OPTION_THREADS,
        OPTION_TIMEOUT, OPTION_TO,       OPTION_TZ,      OPTION_WATCH,   OPTION_WIDTH};
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++) {
        if (slice_equal(slice_of(name), slice_of(option_row(plain[i])->name))) {
            return true;
        }
    }
    return false;
}

static bool is_option(const char *name, enum option_id id)
{
    return slice_equal(slice_of(name), slice_of(option_row(id)->name));
}

static struct slice shown_value(struct redaction *redaction, const struct report_option *option)
{
    static const struct slice scheme = SLICE("sip:");
    struct slice value = slice_of(option->value);
    if (is_plain(option->name) || slice_equal(value, slice_of("true"))) {
        return value;
    }
    if (is_option(option->name, OPTION_USER) || is_option(option->name, OPTION_AS)) {
        size_t skipped = slice_starts_nocase(value, scheme) ? scheme.size : 0;
        return user_name(redaction, slice_from(value, skipped));
    }
    if (is_option(option->name, OPTION_ROOM) || is_option(option->name, OPTION_TRANSCRIPT)) {
        return room_name(redaction, value);
    }
    if (is_option(option->name, OPTION_DIALOG)) {
        return dialog_name(redaction, value);
    }
    return id_name(redaction, value);
}

static void rename_given(struct redaction *redaction, struct options *options)
{
    for (size_t i = 0; i < options->given_count; i++) {
        struct report_option *option = &options->given[i];
        option->value = arena_keep(&redaction->arena, shown_value(redaction, option)).data;
    }
}

static bool check(const struct options *options, char *problem, size_t problem_size)
{
    const char *text = NULL;
    for (size_t i = 0; i < options->user_count; i++) {
        if (is_pattern(options->users[i])) {
            text = "a pattern matches no pseudonym: with --redact give whole users, or only '*'";
        }
    }
    if (is_pattern(options->room)) {
        text = "a pattern matches no pseudonym: with --redact give a whole room, or only '*'";
    }
    if (options->names_file) {
        text = "--redact does not show what a file of names says; --name ADDR=NAME does";
    }
    if (text) {
        snprintf(problem, problem_size, "%s", text);
    }
    return !text;
}

struct redaction *redaction_new(struct options *options, enum exit_status *status, char *problem,
                                size_t problem_size)
{
    struct redaction *redaction = memory_zero(1, sizeof *redaction);
    arena_init(&redaction->arena);
    *status = EXIT_DONE;
    if (!options->redact) {
        return redaction;
    }
    *status = check(options, problem, problem_size)
                  ? find_key(options->redact_key, &redaction->key, problem, problem_size)
                  : EXIT_USAGE;
    if (*status != EXIT_DONE) {
        redaction_free(redaction);
        return NULL;
    }
    redaction->redactor = redactor_new(&redaction->key, (struct map_seed){{0, 0}});
    options->pseudonyms = &redaction->key;
    rename_selection(redaction, options);
    rename_given(redaction, options);
    return redaction;
}

void redaction_free(struct redaction *redaction)
{
    if (redaction) {
        redactor_free(redaction->redactor);
        arena_dispose(&redaction->arena);
        free(redaction);
    }
}
