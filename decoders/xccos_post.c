/*
 * Chat messages and room URIs. See xccos_post.h.
 */
#include "decoders/xccos_post.h"

#include <string.h>

struct slice xccos_room_uri(const struct document *document, struct slice uri)
{
    return arena_keep_lower(document->arena, slice_trim(uri));
}

struct slice xccos_split_uri(const struct document *document, const struct xml_element *element)
{
    static const struct slice scheme = SLICE("ma-chan://");
    static const struct slice domain_name = SLICE("domain");
    static const struct slice value_name = SLICE("value");
    struct slice domain = SLICE("");
    struct slice value = SLICE("");
    (void)xml_attribute(element, domain_name, &domain);
    (void)xml_attribute(element, value_name, &value);
    domain = slice_trim(domain);
    value = slice_trim(value);
    if (domain.size == 0 && value.size == 0) {
        return (struct slice){"", 0};
    }
    size_t size = scheme.size + domain.size + 1 + value.size;
    char *uri = arena_alloc(document->arena, size);
    memcpy(uri, scheme.data, scheme.size);
    size_t at = scheme.size;
    for (size_t i = 0; i < domain.size; i++) {
        uri[at++] = ascii_lower(domain.data[i]);
    }
    uri[at++] = '/';
    for (size_t i = 0; i < value.size; i++) {
        uri[at++] = ascii_lower(value.data[i]);
    }
    return (struct slice){uri, size};
}

struct chat_post xccos_post(const struct document *document, const struct xml_element *element)
{
    static const struct slice none = SLICE("");
    static const struct slice room_name = SLICE("chanUri");
    struct slice room = none;
    (void)xml_attribute(element, room_name, &room);
    return (struct chat_post){
        .room = xccos_room_uri(document, room),
        .author = document_user(document, element, "author"),
        .author_uri = document_attribute(document, element, "author"),
        .text = none,
        .chat_id = document_attribute(document, element, "chatId"),
        .ts = document_time(document, element, "ts"),
        .ts_text = document_attribute(document, element, "ts"),
    };
}

void xccos_post_text(const struct document *document, struct chat_post *post)
{
    static const struct slice file_link = SLICE("ma-filelink:");
    post->has_chat = true;
    post->text = arena_keep(document->arena, buffer_slice(document->text));
    post->file_link = slice_find_nocase(post->text, file_link) != SLICE_NONE;
}
