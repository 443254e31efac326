/*
 * One room as people read a chat: days, who came and went, what was said, who got it
 * and who did not. See chat_write.h.
 */
#include <stdlib.h>
#include <string.h>

#include "reports/chat_write.h"

enum {
    TEXT_COLUMN = 10, /* behind the time of day */
    NAMES_MAX = 12,   /* of those who came later or had left: more are counted */
    DAY = 10,         /* bytes of "2026-11-20" */
    CLOCK = 8,        /* bytes of "10:00:00" */
};

#define SLOW (2 * TIME_SECOND) /* from here on it is said how long a copy took */

struct page {
    struct chat_report *report;
    const struct chat_room_row *room;
    const struct summary *summary;
    struct output *output;
    char day[CLOCK_TEXT]; /* the last one that was headed */
};

static void put_time(struct page *page, int64_t time)
{
    char text[CLOCK_TEXT];
    clock_of_day(time, &page->report->style.zone, text);
    text[CLOCK] = '\0';
    output_text(page->output, text);
    output_text(page->output, "  ");
}

static void put_day(struct page *page, int64_t time)
{
    char text[CLOCK_TEXT];
    clock_date(time, &page->report->style.zone, text);
    text[DAY] = '\0';
    if (strcmp(text, page->day) != 0) {
        memcpy(page->day, text, sizeof text);
        output_format(page->output, "\n--- %s ---\n", text);
    }
}

static void put_user(struct page *page, struct slice user, size_t columns)
{
    struct arena *arena = &page->report->arena;
    output_write(page->output, text_fit_middle(text_safe(user, false, arena), columns, arena));
}

/* ---- who came and went ---- */

static const char *words_of(const struct chat_move *move)
{
    static const struct {
        const char *end;
        const char *words;
    } ends[] = {
        {"left", "left"},
        {"bye by client", "left and signed out"},
        {"bye by service", "was signed out by the service"},
        {"481", "lost the session (481)"},
        {"new dialog", "connected anew"},
    };
    for (size_t i = 0; !move->came && i < sizeof ends / sizeof ends[0]; i++) {
        if (slice_equal(move->end, slice_of(ends[i].end))) {
            return ends[i].words;
        }
    }
    return move->came ? "joined" : move->notice ? "left" : "is not there any more";
}

static void put_move(struct page *page, const struct chat_move *move)
{
    const char *words = words_of(move);
    if (move->notice && move->person->stay_count > 0) {
        return; /* the user's own session says it better */
    }
    put_day(page, move->time);
    put_time(page, move->time);
    output_text(page->output, "* ");
    put_user(page, move->person->user,
             page->report->style.columns - TEXT_COLUMN - 3 - strlen(words));
    output_format(page->output, " %s\n", words);
    arena_reset(&page->report->arena);
}

/* ---- who got a message ---- */

static void add_word(struct buffer *names, const char *word)
{
    buffer_append_text(names, word);
}

/* " (after 4.2 s, twice)", or nothing. */
static void add_remarks(struct buffer *names, const struct chat_message *message,
                        const struct chat_delivery *delivery, bool twice)
{
    int64_t took = delivery->time - message->time;
    const char *before = " (";
    if (took > SLOW && message->state != POST_DELIVERED) {
        char text[CLOCK_TEXT];
        clock_duration(took, text);
        add_word(names, " (after ");
        add_word(names, text);
        before = ", ";
    }
    if (delivery->edited) {
        add_word(names, before);
        add_word(names, "with another text");
        before = ", ";
    }
    if (twice) {
        add_word(names, before);
        add_word(names, "more than once");
        before = ", ";
    }
    add_word(names, before[0] == ',' ? ")" : "");
}

static void put_got(struct page *page, const struct chat_message *message)
{
    struct chat_report *report = page->report;
    struct buffer names;
    struct map seen; /* user -> first delivery */
    struct map twice;
    buffer_init(&names, SIZE_MAX);
    map_init(&seen, report->model.seed);
    map_init(&twice, report->model.seed);
    for (size_t i = 0; i < message->delivery_count; i++) {
        struct chat_delivery *delivery = &message->deliveries[i];
        if (delivery->duplicate) {
            map_put(&twice, delivery->user, delivery);
        }
        if (!map_find(&seen, delivery->user)) {
            map_put(&seen, delivery->user, delivery);
        }
    }
    for (struct map_entry *entry = seen.first; entry; entry = entry->next) {
        chat_names_add(&names, entry->key, &report->arena);
        add_remarks(&names, message, entry->value, map_find(&twice, entry->key) != NULL);
    }
    chat_names_text(page->output, "got it: ", &names, TEXT_COLUMN, report->style.columns);
    map_dispose(&seen, NULL);
    map_dispose(&twice, NULL);
    buffer_dispose(&names);
}

static void add_missed(struct page *page, struct buffer *names, const struct chat_missed *missed)
{
    char time[CLOCK_TEXT];
    chat_names_add(names, missed->person->user, &page->report->arena);
    add_word(names, " (");
    add_word(names, chat_miss_name(missed->why));
    if (missed->time != TIME_NONE && missed->why != CHAT_NOT_YET) {
        clock_of_day(missed->time, &page->report->style.zone, time);
        time[CLOCK] = '\0';
        add_word(names, " ");
        add_word(names, time);
    }
    add_word(names, ")");
}

static void put_missed(struct page *page, const struct chat_message *message)
{
    struct buffer names;
    size_t count = 0;
    size_t further = 0; /* who were not there, beyond a number that can be read */
    struct chat_missed *missed = chat_missed_of(page->report, page->room, message, &count);
    buffer_init(&names, SIZE_MAX);
    for (size_t i = 0; i < count; i++) {
        if (i < NAMES_MAX || missed[i].why == CHAT_UNSEEN) {
            add_missed(page, &names, &missed[i]);
        } else {
            further++;
        }
    }
    if (further > 0) {
        add_word(&names, " and ");
        buffer_append_u64(&names, further);
        add_word(&names, " more who were not there");
    }
    chat_names_text(page->output, "did not get it: ", &names, TEXT_COLUMN,
                    page->report->style.columns);
    buffer_dispose(&names);
    free(missed);
}

/* ---- what was said ---- */

/* The last part of the link, where nothing else names the file. */
static struct slice file_of(const struct chat_message *message)
{
    static const struct slice scheme = SLICE("ma-filelink:");
    size_t at = slice_find_nocase(message->text, scheme);
    if (message->file.size > 0 || at == SLICE_NONE) {
        return message->file;
    }
    struct slice link = slice_from(message->text, at + scheme.size);
    size_t size = 0;
    size_t start = 0;
    while (size < link.size && (unsigned char)link.data[size] > ' ' && link.data[size] != '"' &&
           link.data[size] != '<') {
        size++;
        start = link.data[size - 1] == '/' ? size : start;
    }
    return slice_sub(link, start, size - start);
}

static void put_file(struct page *page, const struct chat_message *message)
{
    struct slice name = message->file_link ? file_of(message) : (struct slice){0};
    if (name.size > 0) {
        output_repeat(page->output, ' ', TEXT_COLUMN);
        output_text(page->output, "file: ");
        put_user(page, name, page->report->style.columns - TEXT_COLUMN - 6);
        output_byte(page->output, '\n');
    }
}

static void put_marks(struct page *page, const struct chat_message *message)
{
    if (message->state != POST_ACCEPTED) {
        output_format(page->output, "  [%s]", chat_message_state_name(message));
    } else if (message->stored) {
        output_text(page->output, "  [in the history]");
    }
}

static void put_message(struct page *page, const struct chat_message *message)
{
    struct chat_report *report = page->report;
    put_day(page, message->time);
    put_time(page, message->time);
    put_user(page, message->author, report->style.columns - 36);
    put_marks(page, message);
    output_text(page->output, "  #");
    output_write(page->output, report_origin_text(&message->origin, page->summary, &report->arena));
    output_byte(page->output, '\n');
    chat_said_text(page->output, message->text, TEXT_COLUMN, report->style.columns, &report->arena);
    put_file(page, message);
    put_got(page, message);
    put_missed(page, message);
    arena_reset(&report->arena);
}

/* ---- the room ---- */

static void put_head(struct page *page)
{
    struct chat_report *report = page->report;
    const struct chat_room_row *room = page->room;
    struct buffer names;
    buffer_init(&names, SIZE_MAX);
    output_text(page->output, "\nRoom ");
    put_user(page, room->name.size > 0 ? room->name : room->uri, report->style.columns - 5);
    output_byte(page->output, '\n');
    if (room->name.size > 0) {
        output_text(page->output, "  ");
        put_user(page, room->uri, report->style.columns - 2);
        output_byte(page->output, '\n');
    }
    for (struct map_entry *entry = room->people.first; entry; entry = entry->next) {
        const struct chat_person *person = entry->value;
        if (person->was_there && person->stay_count == 0) {
            chat_names_add(&names, person->user, &report->arena);
        }
    }
    chat_names_text(page->output, "session not captured: ", &names, 2, report->style.columns);
    buffer_dispose(&names);
    arena_reset(&report->arena);
}

void chat_transcript_text(struct chat_report *report, const struct chat_room_row *room,
                          const struct summary *summary, struct output *output)
{
    struct page page = {.report = report, .room = room, .summary = summary, .output = output};
    size_t move = 0;
    put_head(&page);
    for (size_t i = 0; i < room->message_count; i++) {
        const struct chat_message *message = room->messages[i];
        for (; move < room->move_count && room->moves[move].time <= message->time; move++) {
            put_move(&page, &room->moves[move]);
        }
        put_message(&page, message);
    }
    for (; move < room->move_count; move++) {
        put_move(&page, &room->moves[move]);
    }
    if (room->message_count == 0) {
        output_text(output, "  no message was captured\n");
    }
}
