/*
 * render-sample: a conversation in its readable form into captures.
 *
 * Reads IN.talk (samples/README.md) and writes each OUT in the form asked for.
 * The same input, form and seed give the same bytes.
 */
#include "samples/fail.h"
#include "samples/number.h"
#include "samples/play.h"
#include "samples/traffic.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum option_key {
    KEY_FORM = 256,
    KEY_LINK,
    KEY_IP,
    KEY_TRANSPORT,
    KEY_MSS,
    KEY_FRAGMENT,
    KEY_REORDER,
    KEY_DUPLICATE,
    KEY_LOSE,
    KEY_KEEPALIVE,
    KEY_MIDSTREAM,
    KEY_ONE_SIDED,
    KEY_TLS,
    KEY_HALF_TLS,
    KEY_SEED,
    KEY_REPEAT,
    KEY_EVERY,
    KEY_LIST,
    KEY_HELP,
};

static const struct option options[] = {
    {"form", required_argument, NULL, KEY_FORM},
    {"link", required_argument, NULL, KEY_LINK},
    {"ip", required_argument, NULL, KEY_IP},
    {"transport", required_argument, NULL, KEY_TRANSPORT},
    {"mss", required_argument, NULL, KEY_MSS},
    {"fragment", required_argument, NULL, KEY_FRAGMENT},
    {"reorder", no_argument, NULL, KEY_REORDER},
    {"duplicate", no_argument, NULL, KEY_DUPLICATE},
    {"lose", required_argument, NULL, KEY_LOSE},
    {"keepalive", no_argument, NULL, KEY_KEEPALIVE},
    {"midstream", no_argument, NULL, KEY_MIDSTREAM},
    {"one-sided", no_argument, NULL, KEY_ONE_SIDED},
    {"tls", required_argument, NULL, KEY_TLS},
    {"half-tls", required_argument, NULL, KEY_HALF_TLS},
    {"seed", required_argument, NULL, KEY_SEED},
    {"repeat", required_argument, NULL, KEY_REPEAT},
    {"every", required_argument, NULL, KEY_EVERY},
    {"list", no_argument, NULL, KEY_LIST},
    {"help", no_argument, NULL, KEY_HELP},
    {NULL, 0, NULL, 0},
};

static const char usage[] =
    "Usage: render-sample [OPTION]... IN.talk OUT...\n"
    "  --form NAME           network form, default plain; --list shows all\n"
    "  --link NAME           ethernet vlan qinq pppoe sll sll2 raw null\n"
    "  --ip 4|6\n"
    "  --transport tcp|udp|ws  tcp leaves each link as the talk says\n"
    "  --mss N               bytes of a TCP segment\n"
    "  --fragment N          bytes of an IP fragment, a multiple of 8\n"
    "  --reorder             some segments change places\n"
    "  --duplicate           some segments come again, whole or overlapping\n"
    "  --lose N              the Nth data segment was not captured\n"
    "  --keepalive           CRLF CRLF between messages and glued to them\n"
    "  --midstream           the capture starts inside the first messages\n"
    "  --one-sided           only what the openers of the links send\n"
    "  --tls KEYLOG          TLS links are encrypted, their secrets in KEYLOG\n"
    "  --half-tls KEYLOG     every second of them\n"
    "  --seed N              of what is drawn\n"
    "  --repeat N            N copies with other names and later times\n"
    "  --every SECONDS       between the starts of two copies\n"
    "OUT: .pcap, .pcapng, .cap (Network Monitor), each also .gz or .zst; - is standard output.\n"
    "With form half-tls the secrets are in OUT.keys, and in a pcapng file also inside.\n";

struct request {
    struct form form;
    unsigned copies;
    double every; /* seconds */
};

static void transport_read(struct form *form, const char *text)
{
    form->udp = strcmp(text, "udp") == 0;
    form->websocket = strcmp(text, "ws") == 0;
    if (!form->udp && !form->websocket && strcmp(text, "tcp") != 0) {
        fail("no such transport: %s", text);
    }
}

static void form_read(struct form *form, const char *text)
{
    const struct form *found = form_find(text);
    if (found == NULL) {
        fail("no such form: %s (--list shows all)", text);
    }
    *form = *found;
}

static void forms_list(void)
{
    size_t count;
    const struct form *forms = form_table(&count);
    for (size_t i = 0; i < count; i++) {
        printf("%-14s %s\n", forms[i].name, forms[i].meaning);
    }
}

/* Options that take a value. */
static void value_read(struct request *request, int key, const char *name, const char *value)
{
    struct form *form = &request->form;
    switch (key) {
    case KEY_FORM:
        form_read(form, value);
        break;
    case KEY_LINK:
        if (!form_link_find(value, &form->link)) {
            fail("no such link: %s", value);
        }
        break;
    case KEY_IP:
        form->ipv6 = strcmp(value, "6") == 0;
        break;
    case KEY_TRANSPORT:
        transport_read(form, value);
        break;
    case KEY_MSS:
        form->mss = number_read(name, value, 1);
        break;
    case KEY_FRAGMENT:
        form->fragment = number_read(name, value, 8) / 8 * 8;
        break;
    case KEY_LOSE:
        form->lose = number_read(name, value, 1);
        break;
    case KEY_TLS:
        form->all_tls = true;
        form->keylog = value;
        break;
    case KEY_HALF_TLS:
        form->half_tls = true;
        form->keylog = value;
        break;
    case KEY_SEED:
        form->seed = number_read(name, value, 1);
        break;
    case KEY_REPEAT:
        request->copies = number_read(name, value, 1);
        break;
    case KEY_EVERY:
        request->every = strtod(value, NULL);
        break;
    }
}

static void switch_read(struct request *request, int key)
{
    struct form *form = &request->form;
    form->reorder = form->reorder || key == KEY_REORDER;
    form->duplicate = form->duplicate || key == KEY_DUPLICATE;
    form->keepalive = form->keepalive || key == KEY_KEEPALIVE;
    form->midstream = form->midstream || key == KEY_MIDSTREAM;
    form->one_sided = form->one_sided || key == KEY_ONE_SIDED;
}

static void keylog_write(const struct form *form, const char *path, const struct buffer *keylog)
{
    char beside[4096];
    if (keylog->size == 0) {
        return;
    }
    snprintf(beside, sizeof beside, "%s.keys", path);
    const char *name = form->keylog != NULL ? form->keylog : beside;
    FILE *file = fopen(name, "wb");
    if (file == NULL || fwrite(keylog->data, 1, keylog->size, file) != keylog->size ||
        fclose(file) != 0) {
        fail("%s: cannot be written", name);
    }
}

/* Plays to nowhere first, only to know the secrets that stand before the packets. */
static void secrets_find(const struct request *request, struct talk *talk, struct wire wire,
                         struct buffer *keylog)
{
    struct form form = request->form;
    form.has_file = true;
    form.file = FILE_PCAP;
    wire.form = &form;
    wire.writer = writer_new("/dev/null", &form);
    struct play play = {
        .talk = talk,
        .wire = &wire,
        .keylog = keylog,
        .copies = 1,
    };
    play_run(&play);
    writer_end(wire.writer);
}

static void render(const struct request *request, struct talk *talk, const char *path)
{
    const struct form *form = &request->form;
    struct wire wire = {.form = form, .random = {form->seed | 1}, .now = INT64_MIN / 2};
    struct buffer keylog;
    buffer_init(&keylog, SIZE_MAX / 2);
    bool encrypted = form->half_tls || form->all_tls;
    if (encrypted && request->copies == 1 && !form->nosip) {
        secrets_find(request, talk, wire, &keylog);
    } else if (form->mixed) {
        buffer_append_text(&keylog, "# no connection of this capture is encrypted\n");
    }
    wire.writer = writer_new(path, form);
    writer_secrets(wire.writer, keylog.data, keylog.size);
    if (form->mixed) {
        writer_comment(wire.writer, "the first packet of the conversation");
    }
    buffer_clear(&keylog);
    if (form->nosip) {
        traffic_run(&wire, talk->start);
    } else {
        struct play play = {
            .talk = talk,
            .wire = &wire,
            .keylog = &keylog,
            .copies = request->copies,
            .every = (int64_t)(request->every * 1e9),
        };
        play_run(&play);
    }
    writer_end(wire.writer);
    keylog_write(form, path, &keylog);
    buffer_dispose(&keylog);
}

int main(int argc, char **argv)
{
    struct request request = {.form = *form_find("plain"), .copies = 1};
    int key, index = 0;
    while ((key = getopt_long(argc, argv, "", options, &index)) != -1) {
        if (key == KEY_LIST) {
            forms_list();
            return 0;
        }
        if (key == KEY_HELP || key == '?') {
            fputs(usage, key == '?' ? stderr : stdout);
            return key == '?' ? 2 : 0;
        }
        if (options[index].has_arg == required_argument) {
            value_read(&request, key, options[index].name, optarg);
        } else {
            switch_read(&request, key);
        }
    }
    if (argc - optind < 2) {
        fputs(usage, stderr);
        return 2;
    }
    struct talk *talk = talk_read(argv[optind]);
    for (int i = optind + 1; i < argc; i++) {
        render(&request, talk, argv[i]);
    }
    talk_free(talk);
    return 0;
}
