/*
 * The texts of a page that occur again and again, each once: names, identifiers, lines of
 * messages. Where one stands in the data, its number stands; the texts follow as one array.
 */
#ifndef OCSIGHT_REPORTS_PAGE_WORDS_H
#define OCSIGHT_REPORTS_PAGE_WORDS_H

#include "analyzer/engine/map.h"
#include "reports/json.h"

/* The number of the text: its place in the array, counted from 1; 0 is the empty text. */
void page_word_json(struct json *json, struct map *words, struct slice text);

/* The array, in the order in which its texts were first used. */
void page_words_json(struct json *json, const char *key, const struct map *words);

#endif
