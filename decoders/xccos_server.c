/*
 * Server info, invitation and query blocks. See xccos_server.h.
 */
#include "decoders/xccos_server.h"

/* A decimal of up to 64 bits; 0 when absent, and said once when it is none. */
static bool read_number(const struct document *document, const struct xml_element *element,
                        const char *name, uint64_t *out)
{
    struct slice value;
    *out = 0;
    if (!document_value(document, element, name, &value)) {
        return false;
    }
    if (!slice_to_u64(slice_trim(value), out)) {
        *out = 0;
        document_odd_once(document, "number-unreadable", slice_sub(value, 0, 64), element->offset);
        return false;
    }
    return true;
}

void server_read_sib(const struct document *document, const struct xml_element *element,
                     struct chat_fact *fact)
{
    struct chat_server *server = &fact->server;
    if (fact->class != CHAT_REPLY || fact->has_server) {
        return;
    }
    fact->has_server = true;
    server->time_text = document_attribute(document, element, "serverTime");
    server->time = document_time(document, element, "serverTime");
    (void)read_number(document, element, "searchLimit", &server->search_limit);
    (void)read_number(document, element, "messageSizeLimit", &server->message_size);
    (void)read_number(document, element, "storySizeLimit", &server->story_size);
    server->root_uri = document_attribute(document, element, "rootUri");
    server->database = document_attribute(document, element, "dbVersion");
}

void server_read_inv(const struct document *document, const struct xml_element *element,
                     struct chat_fact *fact)
{
    uint64_t number;
    if (read_number(document, element, "inviteId", &number)) {
        fact->has_invite = true;
        fact->invite_id = number;
    }
}

void server_read_qib(const struct document *document, const struct xml_element *element,
                     struct chat_fact *fact)
{
    fact->has_query = true;
    fact->query_type = document_attribute(document, element, "qtype");
    fact->query_words = document_attribute(document, element, "criteria");
}
