/*
 * The messages in full, in blocks behind the script of a page. See page_data.h.
 *
 * Most lines of a message stand in others too, above all in those of its exchange: each line
 * stands once in its block. A block is read by itself, when one of its messages is wanted.
 */
#include "reports/message_text.h"
#include "reports/page_data.h"
#include "reports/page_words.h"

enum { MESSAGE_MOST = 256 << 10 };

struct block {
    struct json json;
    struct output *output;
    struct map lines;
    size_t number;
    size_t count; /* of messages in it */
};

static void block_begin(struct block *block, struct map_seed seed)
{
    output_format(block->output, "<script type=\"application/json\" id=\"messages-%zu\">",
                  block->number);
    json_init(&block->json, block->output, false);
    block->json.in_html = true;
    block->json.dense = true;
    map_init(&block->lines, seed);
    json_object(&block->json, NULL);
    json_array(&block->json, "texts");
}

static void block_end(struct block *block)
{
    json_end_array(&block->json);
    page_words_json(&block->json, "lines", &block->lines);
    json_end_object(&block->json);
    map_dispose(&block->lines, NULL);
    output_text(block->output, "</script>\n");
    block->number++;
    block->count = 0;
}

static void block_message(struct block *block, struct slice text)
{
    bool more = true;
    json_array(&block->json, NULL);
    while (more) {
        struct slice line;
        more = slice_cut(text, '\n', &line, &text);
        page_word_json(&block->json, &block->lines, line);
    }
    json_end_array(&block->json);
    block->count++;
}

void page_messages_write(const struct page_source *source, struct output *output)
{
    const struct ladder_model *model = source->model;
    struct block block = {.output = output};
    struct arena arena;
    arena_init(&arena);
    for (size_t i = 0; i < model->row_count && !output_is_over(output); i++) {
        if (model->rows[i].raw.size == 0) {
            continue;
        }
        if (block.count == 0) {
            block_begin(&block, model->seed);
        }
        block_message(&block, message_text(model->rows[i].raw, MESSAGE_MOST, &arena));
        arena_reset(&arena);
        if (block.count == PAGE_BLOCK) {
            block_end(&block);
        }
    }
    if (block.count > 0) {
        block_end(&block);
    }
    arena_dispose(&arena);
}
