/*
 * Refused publications. See fault.h.
 */
#include "decoders/fault.h"

struct fault_reader {
    const struct document *document;
    struct slice code;
    bool collecting; /* the text of Faultcode */
    unsigned depth;  /* of Faultcode */
    bool is_fault;   /* the root was seen */
    size_t first;    /* place of the first fact of this document */
    size_t operations;
};

static void add_operation(struct fault_reader *reader, const struct xml_element *element)
{
    struct fault_fact fault = {.code = reader->code};
    if (element) {
        (void)document_number(reader->document, element, "index", &fault.index);
        (void)document_number(reader->document, element, "version", &fault.version);
        (void)document_number(reader->document, element, "curVersion", &fault.current_version);
    }
    reader->operations++;
    struct event *event = document_fact(reader->document, EVENT_FAULT);
    if (event) {
        event->as.fault = fault;
    }
}

static void on_start(void *context, const struct xml_element *element)
{
    static const struct slice fault = SLICE("fault");
    static const struct slice code = SLICE("faultcode");
    static const struct slice operation = SLICE("operation");
    struct fault_reader *reader = context;
    reader->is_fault = reader->is_fault || slice_equal_nocase(element->name, fault);
    if (reader->code.size == 0 && !reader->collecting && slice_equal_nocase(element->name, code)) {
        buffer_clear(reader->document->text);
        reader->collecting = true;
        reader->depth = element->depth;
    } else if (slice_equal_nocase(element->name, operation)) {
        add_operation(reader, element);
    }
}

static void on_text(void *context, struct slice text)
{
    struct fault_reader *reader = context;
    if (reader->collecting) {
        (void)buffer_append(reader->document->text, text);
    }
}

static void on_end(void *context, struct slice name, unsigned depth, size_t end_offset)
{
    struct fault_reader *reader = context;
    (void)name;
    (void)end_offset;
    if (reader->collecting && depth == reader->depth) {
        reader->collecting = false;
        reader->code = document_text(reader->document);
    }
}

/* The code may stand behind the operations. */
static void name_operations(const struct fault_reader *reader)
{
    struct facts *facts = reader->document->facts;
    for (size_t i = reader->first; i < facts->count; i++) {
        if (facts->items[i].kind == EVENT_FAULT) {
            facts->items[i].as.fault.code = reader->code;
        }
    }
}

void fault_decode(const struct document *document)
{
    static const struct slice none = SLICE("");
    struct fault_reader reader = {
        .document = document,
        .code = none,
        .first = document->facts->count,
    };
    struct xml_handler handler = {&reader, on_start, on_text, on_end};
    document_read(document, &handler, "xml-not-well-formed");
    if (reader.is_fault && reader.operations == 0) {
        add_operation(&reader, NULL);
    }
    name_operations(&reader);
}
