/*
 * Values of rows as cells of reports. See db_value.h.
 */
#include "analyzer/db_value.h"

#include "analyzer/engine/bands.h"
#include "analyzer/engine/compliance_time.h"

void db_reader_init(struct db_reader *reader)
{
    reader->limits = limits_default();
    reader->bodies = body_reader_new(&reader->limits);
    arena_init(&reader->scratch);
}

void db_reader_dispose(struct db_reader *reader)
{
    body_reader_free(reader->bodies);
    arena_dispose(&reader->scratch);
}

/* ---- texts ---- */

struct slice db_client_version(struct slice client)
{
    struct slice version;
    struct slice agent;
    slice_cut(slice_trim(client), ' ', &version, &agent);
    return version;
}

struct slice db_client_agent(struct slice client)
{
    struct slice version;
    struct slice agent;
    slice_cut(slice_trim(client), ' ', &version, &agent);
    return slice_trim(agent);
}

struct slice db_call_address(struct slice call_id)
{
    struct slice id;
    struct slice address;
    slice_cut(slice_trim(call_id), '@', &id, &address);
    return address;
}

/* A column of fixed size is filled up with zeros or blanks. */
static struct slice trimmed(struct slice text)
{
    while (text.size > 0 && text.data[text.size - 1] == '\0') {
        text.size--;
    }
    return slice_trim(text);
}

static struct table_cell text_cell(struct slice text)
{
    return (struct table_cell){.kind = text.size > 0 ? TABLE_TEXT : TABLE_NONE, .text = text};
}

static struct table_cell number_cell(enum table_kind kind, int64_t number)
{
    return (struct table_cell){.kind = kind, .number = number};
}

static struct table_cell plain_cell(const struct cell *cell)
{
    switch (cell->kind) {
    case CELL_NULL:
        break;
    case CELL_INTEGER:
        return number_cell(TABLE_NUMBER, cell->integer);
    case CELL_TIME:
        return number_cell(TABLE_TIME, cell->integer);
    case CELL_TEXT:
    case CELL_BYTES:
        return text_cell(trimmed(cell->bytes));
    }
    return (struct table_cell){.kind = TABLE_NONE};
}

/* ---- numbers ---- */

/* What is no number is shown as it stands. */
static struct table_cell word_cell(const struct cell *cell, const struct db_word *words)
{
    if (cell->kind != CELL_INTEGER) {
        return plain_cell(cell);
    }
    struct table_cell made = number_cell(TABLE_WORD, cell->integer);
    made.text = slice_of("");
    for (const struct db_word *word = words; word->text; word++) {
        if (word->number == cell->integer) {
            made.text = slice_of(word->text);
        }
    }
    return made;
}

static struct table_cell ticks_cell(const struct cell *cell)
{
    int64_t time = cell->kind == CELL_INTEGER ? ticks_to_time(cell->integer) : TIME_NONE;
    return time == TIME_NONE ? plain_cell(cell) : number_cell(TABLE_TIME, time);
}

static struct table_cell truth_cell(const struct cell *cell)
{
    return cell->kind == CELL_INTEGER ? number_cell(TABLE_TRUTH, cell->integer != 0)
                                      : plain_cell(cell);
}

static struct table_cell size_cell(const struct cell *cell)
{
    bool has_bytes = cell->kind == CELL_TEXT || cell->kind == CELL_BYTES;
    return has_bytes ? number_cell(TABLE_NUMBER, (int64_t)cell->bytes.size) : plain_cell(cell);
}

/* ---- documents ---- */

/* NULL: it is no document. */
static const struct category_fact *read_document(struct db_reader *reader,
                                                 const struct peer_row *row)
{
    struct slice content = cell_bytes(row_cell(row, "Data"));
    struct category_fact known = {.expires = -1, .publish_time = TIME_NONE};
    struct facts facts = {.items = NULL};
    known.key.user = slice_of("");
    known.key.name = cell_bytes(row_cell(row, "Category"));
    arena_reset(&reader->scratch);
    if (content.size == 0) {
        return NULL;
    }
    body_decode_category(reader->bodies, &known, content, &reader->scratch, &facts);
    bool fine = facts.count > 0 && facts.items[0].kind == EVENT_CATEGORY;
    return fine ? &facts.items[0].as.category : NULL;
}

static struct table_cell document_cell(enum db_form form, const struct category_fact *fact,
                                       const struct cell *cell)
{
    int64_t availability = fact && fact->has_value ? fact->value.availability : AVAILABILITY_NONE;
    switch (form) {
    case DB_CATEGORY:
        return fact ? text_cell(fact->key.name) : plain_cell(cell);
    case DB_KIND:
        return text_cell(
            slice_of(fact && fact->has_value ? state_kind_name(fact->value.kind) : ""));
    case DB_AVAILABILITY:
        return number_cell(availability == AVAILABILITY_NONE ? TABLE_NONE : TABLE_NUMBER,
                           availability);
    default:
        return text_cell(
            slice_of(availability == AVAILABILITY_NONE ? "" : band_name(band_of(availability))));
    }
}

/* ---- rows ---- */

static struct table_cell cell_of(const struct db_field *field, const struct cell *cell,
                                 const struct category_fact *fact)
{
    switch (field->form) {
    case DB_PLAIN:
        return plain_cell(cell);
    case DB_VERSION:
        return text_cell(db_client_version(trimmed(cell_bytes(cell))));
    case DB_AGENT:
        return text_cell(db_client_agent(trimmed(cell_bytes(cell))));
    case DB_ADDRESS:
        return text_cell(db_call_address(trimmed(cell_bytes(cell))));
    case DB_TICKS:
        return ticks_cell(cell);
    case DB_TRUTH:
        return truth_cell(cell);
    case DB_WORD:
        return word_cell(cell, field->words);
    case DB_SIZE:
        return size_cell(cell);
    case DB_CATEGORY:
    case DB_KIND:
    case DB_AVAILABILITY:
    case DB_BAND:
        return document_cell(field->form, fact, cell);
    case DB_MADE:
        break;
    }
    return (struct table_cell){.kind = TABLE_NONE};
}

static bool has_documents(const struct db_field *fields, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (fields[i].form == DB_BAND) {
            return true;
        }
    }
    return false;
}

void db_row_take(struct db_reader *reader, const struct db_field *fields, size_t count,
                 const struct peer_row *row, struct table *table, struct table_cell *cells)
{
    const struct category_fact *fact =
        has_documents(fields, count) ? read_document(reader, row) : NULL;
    for (size_t i = 0; i < count; i++) {
        const struct cell *cell = row_cell(row, fields[i].source ? fields[i].source : "");
        cells[i] = cell_of(&fields[i], cell, fact);
        if (cells[i].kind == TABLE_TEXT) {
            cells[i].text = table_keep(table, cells[i].text);
        }
    }
}
