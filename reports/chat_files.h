/*
 * The chat report: files on their way to and from rooms (CHANGE_FILE).
 *
 * A part of chat_model.h's model: each room has its list, and so has the run for
 * files whose room was not captured. Private to the chat_*.c files.
 */
#ifndef OCSIGHT_REPORTS_CHAT_FILES_H
#define OCSIGHT_REPORTS_CHAT_FILES_H

#include "reports/report.h"

struct chat_model;
struct chat_report;

enum { CHAT_FILE_ORIGINS = 8 }; /* packets listed of one transfer; more are counted */

struct chat_file {
    struct chat_file *next; /* of the same room, in the order of first sight */
    struct slice user;      /* "" where the chat side was not captured */
    struct slice name;
    struct slice stored;
    bool download;
    bool denied;
    bool permitted;
    bool complete;
    bool posted;
    bool mismatch;
    uint64_t bytes;
    uint64_t length;
    int64_t time;
    struct origin origins[CHAT_FILE_ORIGINS];
    size_t origin_count;
};

struct chat_file_list {
    struct chat_file *first;
    struct chat_file *last;
};

/* `room` is the list that a new transfer belongs to. */
void chat_files_take(struct chat_model *model, struct chat_file_list *room,
                     const struct change *change);

/* "uploaded", "asked for", ... */
const char *chat_file_state_name(const struct chat_file *file);

/* "files": [...] */
void chat_files_json(struct json *json, const struct chat_file_list *files,
                     const struct summary *summary);
void chat_files_text(struct chat_report *report, const struct chat_file_list *files,
                     const struct summary *summary, struct output *output);

#endif
