/*
 * Numbers for texts that occur again. See page_words.h.
 */
#include "reports/page_words.h"

void page_word_json(struct json *json, struct map *words, struct slice text)
{
    uintptr_t number = 0;
    if (text.size > 0) {
        struct map_entry *entry = map_keep(words, text);
        if (!entry->value) {
            entry->value = (void *)(uintptr_t)words->count;
        }
        number = (uintptr_t)entry->value;
    }
    json_u64(json, NULL, number);
}

void page_words_json(struct json *json, const char *key, const struct map *words)
{
    json_array(json, key);
    for (const struct map_entry *entry = words->first; entry; entry = entry->next) {
        json_string(json, NULL, entry->key);
    }
    json_end_array(json);
}
