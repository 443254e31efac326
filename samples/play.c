/* See play.h. */
#include "samples/play.h"

#include "analyzer/engine/origin.h"
#include "samples/connection.h"
#include "samples/fail.h"
#include "samples/rename.h"

#include <stdlib.h>
#include <string.h>

enum { PLAY_ACTIVE = 1 << 16 };

/* One copy while it runs. */
struct run {
    unsigned copy;
    size_t next;    /* item */
    int64_t offset; /* ns added to the talk's times */
    int64_t time;   /* of that item, in this copy */
    struct connection *connections;
};

struct player {
    const struct play *play;
    struct pattern *patterns;
    char *scratch;
    int64_t every;
    unsigned started;
    size_t active;
    struct run *runs[PLAY_ACTIVE]; /* a heap: the one whose item comes next is the first */
};

/* The older copy goes first where two items are at the same time. */
static bool run_before(const struct run *a, const struct run *b)
{
    return a->time != b->time ? a->time < b->time : a->copy < b->copy;
}

static void run_swap(struct player *player, size_t a, size_t b)
{
    struct run *swap = player->runs[a];
    player->runs[a] = player->runs[b];
    player->runs[b] = swap;
}

static void heap_rise(struct player *player, size_t place)
{
    while (place > 0 && run_before(player->runs[place], player->runs[(place - 1) / 2])) {
        run_swap(player, place, (place - 1) / 2);
        place = (place - 1) / 2;
    }
}

/* Puts the first run where it belongs after its time has changed. */
static void heap_sink(struct player *player)
{
    for (size_t place = 0;;) {
        size_t least = place;
        for (size_t child = 2 * place + 1; child <= 2 * place + 2; child++) {
            if (child < player->active && run_before(player->runs[child], player->runs[least])) {
                least = child;
            }
        }
        if (least == place) {
            return;
        }
        run_swap(player, place, least);
        place = least;
    }
}

/* Copies other than the only one live at addresses of their own. */
static struct wire_end end_of(const struct player *player, unsigned party, uint16_t port,
                              unsigned copy)
{
    struct wire_end end = {.port = port};
    memcpy(end.host, player->play->talk->parties[party].host, 4);
    if (player->play->copies > 1) {
        end.host[0] = 10;
        end.host[1] = (uint8_t)(copy >> 12);
        end.host[2] = (uint8_t)(copy >> 4);
        end.host[3] = (uint8_t)((copy & 15) << 4 | party);
    }
    return end;
}

/* Which TLS links are encrypted: of `half` the second, the fourth ... */
static bool link_encrypted(const struct player *player, unsigned number)
{
    const struct talk *talk = player->play->talk;
    const struct form *form = player->play->wire->form;
    unsigned before = 0;
    for (unsigned i = 0; i < number; i++) {
        before += talk->links[i].carrier == CARRIER_TLS;
    }
    return talk->links[number].carrier == CARRIER_TLS &&
           (form->all_tls || (form->half_tls && before % 2 == 1));
}

static void run_start(struct player *player)
{
    const struct talk *talk = player->play->talk;
    const struct form *form = player->play->wire->form;
    if (player->active == PLAY_ACTIVE) {
        fail("more than %d copies at once", PLAY_ACTIVE);
    }
    struct run *run = memory_zero(1, sizeof *run);
    run->copy = player->started++;
    run->offset = (int64_t)run->copy * player->every;
    run->time = talk->items[0].time + run->offset;
    run->connections = memory_zero(talk->link_count, sizeof *run->connections);
    for (unsigned i = 0; i < talk->link_count; i++) {
        const struct talk_link *link = &talk->links[i];
        bool web = link->carrier == CARRIER_HTTP;
        bool stream = web || (link->carrier != CARRIER_UDP && !form->udp);
        struct wire_path up = {
            .from = end_of(player, link->opener, link->opener_port, run->copy),
            .to = end_of(player, link->acceptor, talk_port(talk, link, false), run->copy),
            .upward = true,
            .interface = i % WRITER_INTERFACES,
        };
        connection_init(&run->connections[i], player->play->wire, &up, stream,
                        stream && link_encrypted(player, i), player->play->keylog);
        run->connections[i].web = web;
    }
    player->runs[player->active++] = run;
    heap_rise(player, player->active - 1);
}

/* The first run has played its last item. */
static void run_end(struct player *player)
{
    struct run *run = player->runs[0];
    for (unsigned i = 0; i < player->play->talk->link_count; i++) {
        connection_end(&run->connections[i], player->play->wire->now + TIME_SECOND / 1000);
    }
    free(run->connections);
    free(run);
    player->runs[0] = player->runs[--player->active];
}

static void run_step(struct player *player)
{
    struct run *run = player->runs[0];
    const struct talk *talk = player->play->talk;
    const struct talk_item *item = &talk->items[run->next];
    const struct pattern *pattern = &player->patterns[run->next];
    struct connection *connection = &run->connections[item->link];
    rename_copy(pattern, run->copy, player->scratch);
    struct slice bytes = {player->scratch, pattern->bytes.size};
    if (item->glue) {
        connection_glue(connection, item->upward, bytes);
    } else {
        connection_send(connection, run->time, item->upward, bytes, item->message);
    }
    if (++run->next == talk->item_count) {
        run_end(player);
    } else {
        run->time = talk->items[run->next].time + run->offset;
    }
    heap_sink(player);
}

void play_run(const struct play *play)
{
    struct talk *talk = play->talk;
    if (talk->item_count == 0) {
        fail("the talk has no records");
    }
    struct player *player = memory_zero(1, sizeof *player);
    player->play = play;
    player->patterns = rename_patterns(talk, play->copies > 1);
    size_t longest = 0;
    for (size_t i = 0; i < talk->item_count; i++) {
        longest =
            player->patterns[i].bytes.size > longest ? player->patterns[i].bytes.size : longest;
    }
    player->scratch = memory_alloc(longest + 1);
    int64_t first = talk->items[0].time;
    int64_t duration = talk->items[talk->item_count - 1].time - first;
    player->every = play->every > 0 ? play->every : duration + TIME_SECOND;
    while (player->started < play->copies || player->active > 0) {
        int64_t next = first + (int64_t)player->started * player->every;
        if (player->started < play->copies &&
            (player->active == 0 || next <= player->runs[0]->time)) {
            run_start(player);
        } else {
            run_step(player);
        }
    }
    free(player->scratch);
    free(player);
}
