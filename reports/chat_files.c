/*
 * The chat report: files on their way. See chat_files.h.
 */
#include "reports/chat_files.h"

#include <inttypes.h>
#include <stdlib.h>

#include "reports/chat_write.h"

/* ---- the model ---- */

/* A post without a transfer is a row of its own, told apart by its place in the ledger. */
static uint64_t key_of(const struct file_change *said)
{
    return said->id > 0 ? said->id : UINT64_C(1) << 63 | said->post;
}

static struct chat_file *file_of(struct chat_model *model, struct chat_file_list *list,
                                 const struct change *change)
{
    const struct file_change *said = &change->as.file;
    uint64_t key = key_of(said);
    struct chat_file *file = map_find(&model->files, map_number_key(&key));
    if (file) {
        return file;
    }
    if (model->rows >= model->limits.report_rows) {
        model->beyond++;
        return NULL;
    }
    model->rows++;
    file = memory_zero(1, sizeof *file);
    file->user = arena_keep(&model->arena, said->session.user);
    file->download = said->download;
    file->time = change->time;
    map_put(&model->files, map_number_key(&key), file);
    if (list->last) {
        list->last->next = file;
    } else {
        list->first = file;
    }
    list->last = file;
    return file;
}

static void learn(struct chat_model *model, struct slice *text, struct slice told)
{
    if (told.size > 0 && !slice_equal(*text, told)) {
        *text = arena_keep(&model->arena, told);
    }
}

void chat_files_take(struct chat_model *model, struct chat_file_list *room,
                     const struct change *change)
{
    const struct file_change *said = &change->as.file;
    struct chat_file *file = file_of(model, room, change);
    if (!file) {
        return;
    }
    learn(model, &file->name, said->name);
    learn(model, &file->stored, said->stored);
    file->bytes = said->bytes;
    file->length = said->length;
    file->denied = file->denied || said->state == FILE_DENIED;
    file->permitted = file->permitted || said->state == FILE_PERMITTED;
    file->complete = file->complete || said->state == FILE_COMPLETE;
    file->posted = file->posted || said->state == FILE_POSTED;
    file->mismatch = file->mismatch || said->mismatch;
    bool again = file->origin_count > 0 && file->origin_count <= CHAT_FILE_ORIGINS &&
                 origin_compare(&file->origins[file->origin_count - 1], &change->origin) == 0;
    if (!again && change->origin.record > 0) {
        if (file->origin_count < CHAT_FILE_ORIGINS) {
            file->origins[file->origin_count] = change->origin;
            file->origins[file->origin_count].row = NULL;
        }
        file->origin_count++;
    }
}

const char *chat_file_state_name(const struct chat_file *file)
{
    return file->denied          ? "refused"
           : file->posted        ? "posted"
           : file->complete      ? "complete"
           : file->bytes > 0     ? "partial"
           : file->permitted     ? "permitted"
           : file->user.size > 0 ? "asked"
                                 : "unknown";
}

/* ---- writing ---- */

static size_t origins_listed(const struct chat_file *file)
{
    return file->origin_count < CHAT_FILE_ORIGINS ? file->origin_count : CHAT_FILE_ORIGINS;
}

void chat_files_json(struct json *json, const struct chat_file_list *files,
                     const struct summary *summary)
{
    json_array(json, "files");
    for (const struct chat_file *file = files->first; file; file = file->next) {
        json_object(json, NULL);
        json_time(json, "time", file->time);
        json_optional(json, "user", file->user);
        json_text(json, "direction", file->download ? "download" : "upload");
        json_optional(json, "name", file->name);
        json_optional(json, "stored", file->stored);
        json_text(json, "state", chat_file_state_name(file));
        json_u64(json, "bytes", file->bytes);
        json_u64(json, "length", file->length);
        json_bool(json, "other_room", file->mismatch);
        json_array(json, "origins");
        for (size_t i = 0; i < origins_listed(file); i++) {
            report_origin_json(json, NULL, &file->origins[i], summary);
        }
        json_end_array(json);
        json_end_object(json);
    }
    json_end_array(json);
}

/* "21 of 54 bytes" */
static struct slice size_words(const struct chat_file *file, struct arena *arena)
{
    if (file->length > 0 && file->bytes != file->length) {
        return text_format(arena, ", %" PRIu64 " of %" PRIu64 " bytes", file->bytes, file->length);
    }
    uint64_t bytes = file->length > 0 ? file->length : file->bytes;
    return bytes > 0 ? text_format(arena, ", %" PRIu64 " byte%s", bytes, text_plural(bytes))
                     : slice_of("");
}

static struct slice state_words(const struct chat_file *file)
{
    static const struct slice link = SLICE("a link without an upload");
    if (file->posted && !file->permitted && file->bytes == 0) {
        return link;
    }
    return slice_of(chat_file_state_name(file));
}

static void packets_add(struct buffer *line, const struct chat_file *file,
                        const struct summary *summary, struct arena *arena)
{
    for (size_t i = 0; i < origins_listed(file); i++) {
        buffer_append_text(line, " #");
        buffer_append(line, report_origin_text(&file->origins[i], summary, arena));
    }
    if (file->origin_count > CHAT_FILE_ORIGINS) {
        buffer_append_text(line, " and ");
        buffer_append_u64(line, file->origin_count - CHAT_FILE_ORIGINS);
        buffer_append_text(line, " more");
    }
}

/* "file: rack7-plan.docx by ada@contoso.example: posted, 54 bytes #53 #57" */
void chat_files_text(struct chat_report *report, const struct chat_file_list *files,
                     const struct summary *summary, struct output *output)
{
    struct arena *arena = &report->arena;
    for (const struct chat_file *file = files->first; file; file = file->next) {
        struct slice name = file->name.size > 0 ? file->name : file->stored;
        struct buffer line;
        buffer_init(&line, SIZE_MAX);
        buffer_append(&line, name.size > 0 ? text_safe(name, false, arena) : slice_of("(no name)"));
        if (file->user.size > 0) {
            buffer_append_text(&line, file->download ? " to " : " of ");
            buffer_append(&line, text_safe(file->user, false, arena));
        }
        buffer_append_text(&line, ": ");
        buffer_append(&line, state_words(file));
        buffer_append(&line, size_words(file, arena));
        if (file->mismatch) {
            buffer_append_text(&line, ", used for another room");
        }
        packets_add(&line, file, summary, arena);
        chat_names_text(output, file->download ? "fetched: " : "file: ", &line, 2,
                        report->style.columns);
        buffer_dispose(&line);
        arena_reset(arena);
    }
}
