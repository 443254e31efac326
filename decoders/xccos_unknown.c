/*
 * The catalogue of names, and what it does not hold. See xccos_unknown.h.
 */
#include "decoders/xccos_unknown.h"

#include <string.h>

/*
 * One element: where it may stand, and its attributes. Lists are words with single
 * blanks between them. A name is recalled when the sheet holds it in 7.2 only.
 */
struct known_name {
    const char *name;
    const char *parents; /* "" = anywhere */
    const char *attributes;
    const char *recalled_attributes;
    bool recalled;
};

/* clang-format off */
static const struct known_name root = {"xccos", "", "ver envid", "", false};

static const struct known_name elements[] = {
    {"uib",         "data chanib", "id uri",                   "guid type uname disname perms", false},
    {"aib",         "chanib uib",  "key value domain",         "", false},
    {"cmd",         "xccos",       "id seqid",                 "", false},
    {"rpl",         "xccos",       "id seqid",                 "", false},
    {"ntc",         "xccos",       "id seqid",                 "", false},
    {"grpchat",     "xccos",       "id seqid chanUri author ts", "authdisp alert chatId", false},
    {"err",         "xccos",       "",                         "", true},
    {"sys",         "xccos",       "",                         "", true},
    {"commandid",   "rpl",         "seqid envid",              "", false},
    {"resp",        "rpl",         "code",                     "", false},
    {"data",        "cmd rpl ntc", "",                         "", false},
    {"chat",        "grpchat msg", "",                         "", false},
    {"rtf",         "grpchat msg", "",                         "", true},
    {"chanib",      "data",        "uri name topic description",
                                   "parent behavior filestoreuri disabled siopname siopurl siopid", false},
    {"chanid",      "data",        "key domain value",         "", false},
    {"fib",         "data",        "key value domain",         "", false},
    {"qib",         "data",        "qtype criteria extended",  "", false},
    {"bcq",         "data",        "",                         "", false},
    {"last",        "bcq",         "cnt",                      "", false},
    {"limit",       "bcq",         "",                         "", true},
    {"date",        "bcq",         "",                         "from to", true},
    {"text",        "bcq",         "",                         "matchcase", true},
    {"msgid",       "bcq",         "",                         "", true},
    {"searchbkwds", "bcq",         "",                         "", true},
    {"sortbkwds",   "bcq",         "",                         "", true},
    {"sib",         "data",        "domain infoType serverTime searchLimit messageSizeLimit storySizeLimit rootUri dbVersion",
                                   "pingInterval displayName roomManagementUrl", false},
    {"inv",         "data",        "inviteId domain",          "", false},
    {"pref",        "data",        "label seqid createdefault content", "", false},
    {"ftdb",        "data",        "channelUri fileUrl",       "", false},
    {"token",       "data",        "token serveruri",          "", false},
    {"msg",         "chanib",      "id seqid chanUri author ts", "authdisp alert chatId", false},
    {"info",        "chanib",      "id",                       "", false},
    {"prop",        "chanib",      "id",                       "", false},
    {"audit",       "chanib",      "",                         "", true},
    {"association", "data",        "",                         "domain type maxResults", true},
};

/* What an id may name. */
struct known_ids {
    const char *element;
    const char *ids;
    const char *recalled;
};

static const struct known_ids ids[] = {
    {"cmd",  "requri getserverinfo getassociations join bjoin part chansrch bccontext getinv getpref "
             "setpref nodespermcreatechild getfutok getfdtok",
             "bcbydate bcbymsg chancreate chanmod chanmoduser"},
    {"rpl",  "requri getserverinfo getservinfo getassociations join bjoin part chansrch bccontext "
             "getinv getpref setpref nodespermcreatechild getftok",
             "bcbydate bcbymsg chancreate chanmod chanmoduser"},
    {"ntc",  "join bjoin part", "invite quit chanmod"},
    {"info", "urn:parlano:ma:info:ucnt urn:parlano:ma:info:visibilty urn:parlano:ma:info:visibility",
             "urn:parlano:ma:info:filestoreuri"},
    {"prop", "urn:parlano:ma:prop:filepost urn:parlano:ma:prop:invite urn:parlano:ma:prop:logged", ""},
};
/* clang-format on */

/* Is it one of these words? Letter case does not count (xccos.md 8.6). */
static bool has_word(const char *list, struct slice word)
{
    for (const char *one = list; *one != '\0';) {
        size_t size = 0;
        bool same = true;
        for (; one[size] != ' ' && one[size] != '\0'; size++) {
            same =
                same && size < word.size && ascii_lower(one[size]) == ascii_lower(word.data[size]);
        }
        if (same && size == word.size) {
            return true;
        }
        one += one[size] == ' ' ? size + 1 : size;
    }
    return false;
}

static const struct known_name *find_element(const struct known_name *parent, struct slice name)
{
    char first = name.size > 0 ? ascii_lower(name.data[0]) : '\0';
    for (size_t i = 0; parent && i < sizeof elements / sizeof elements[0]; i++) {
        const struct known_name *row = &elements[i];
        if (row->name[0] == first && slice_equal_nocase(slice_of(row->name), name) &&
            has_word(row->parents, slice_of(parent->name))) {
            return row;
        }
    }
    return NULL;
}

/* ---- paths ---- */

/* A cut never divides a character: what comes from the XML reader is UTF-8. */
static size_t fit(struct slice text, size_t room)
{
    if (text.size <= room) {
        return text.size;
    }
    while (room > 0 && (slice_byte(text, room) & 0xC0) == 0x80) {
        room--;
    }
    return room;
}

static void path_add(struct xccos_unknown *unknown, struct slice text)
{
    size_t size = fit(text, UNKNOWN_PATH - unknown->size);
    if (size > 0) {
        memcpy(unknown->path + unknown->size, text.data, size);
        unknown->size += size;
    }
}

static struct slice path_of(const struct xccos_unknown *unknown)
{
    return (struct slice){unknown->path, unknown->size};
}

/* ---- items ---- */

static struct chat_unknown *add_item(struct xccos_unknown *unknown, size_t offset, bool recalled)
{
    static const struct slice nothing = SLICE("");
    const struct document *document = unknown->document;
    if (unknown->left == 0) {
        if (!unknown->capped) {
            document_odd(document, "xccos-unknown-capped", slice_of("unknown_names"), offset);
        }
        unknown->capped = true;
        return NULL;
    }
    unknown->left--;
    unknown->items = document_grow(document, unknown->items, unknown->count, &unknown->capacity,
                                   sizeof *unknown->items);
    struct chat_unknown *item = &unknown->items[unknown->count++];
    *item = (struct chat_unknown){
        .path = arena_keep(document->arena, path_of(unknown)),
        .text = nothing,
        .recalled = recalled,
    };
    return item;
}

/* An element, or a name in an id: its first text follows. */
static void add_element(struct xccos_unknown *unknown, const struct xml_element *element,
                        bool recalled)
{
    if (add_item(unknown, element->offset, recalled)) {
        unknown->collecting = true;
        unknown->collecting_depth = element->depth;
        unknown->text_size = 0;
    }
}

static void add_attributes(struct xccos_unknown *unknown, const struct xml_element *element,
                           const struct known_name *known)
{
    size_t size = unknown->size;
    for (size_t i = 0; i < element->attribute_count; i++) {
        const struct xml_attribute *attribute = &element->attributes[i];
        if (known && attribute->prefix.size == 0 && has_word(known->attributes, attribute->name)) {
            continue;
        }
        path_add(unknown, slice_of("@"));
        if (attribute->prefix.size > 0) {
            path_add(unknown, attribute->prefix);
            path_add(unknown, slice_of(":"));
        }
        path_add(unknown, attribute->name);
        bool recalled = known && has_word(known->recalled_attributes, attribute->name);
        struct chat_unknown *item = add_item(unknown, element->offset, recalled);
        if (item) {
            item->text =
                arena_keep(unknown->document->arena,
                           slice_sub(attribute->value, 0, fit(attribute->value, UNKNOWN_TEXT)));
        }
        unknown->size = size;
    }
}

/* The text that was waited for is complete. */
static void settle(struct xccos_unknown *unknown)
{
    if (unknown->collecting) {
        unknown->collecting = false;
        unknown->items[unknown->count - 1].text =
            arena_keep(unknown->document->arena,
                       slice_trim((struct slice){unknown->text, unknown->text_size}));
    }
}

/* The name that an id gives is looked up as well: an `info` of a kind that nobody knows. */
static void check_id(struct xccos_unknown *unknown, const struct xml_element *element,
                     const struct known_name *known, struct slice id)
{
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        if (strcmp(ids[i].element, known->name) == 0) {
            if (!has_word(ids[i].ids, id)) {
                add_element(unknown, element, has_word(ids[i].recalled, id));
            }
            return;
        }
    }
}

/* ---- the walk ---- */

void unknown_init(struct xccos_unknown *unknown, const struct document *document)
{
    unknown->document = document;
    unknown->left = document->limits->unknown_names;
    unknown->capped = false;
    unknown->items = NULL;
    unknown->count = 0;
    unknown->capacity = 0;
    unknown->size = 0;
    unknown->collecting = false;
}

void unknown_root(struct xccos_unknown *unknown, const struct xml_element *element)
{
    unknown->known[0] = &root;
    unknown->sizes[0] = 0;
    unknown->size = 0;
    path_add(unknown, slice_of("xccos"));
    add_attributes(unknown, element, &root);
    unknown->size = 0;
}

void unknown_child(struct xccos_unknown *unknown, const struct xml_element *element,
                   const struct chat_fact *fact)
{
    const struct known_name *known = find_element(&root, element->name);
    bool named = known && !known->recalled && fact->class != CHAT_MESSAGE && fact->name.size > 0;
    unknown->known[1] = known && !known->recalled ? known : NULL;
    unknown->sizes[1] = 0;
    unknown->size = 0;
    path_add(unknown, known ? slice_of(known->name) : element->name);
    if (named) {
        path_add(unknown, slice_of(":"));
        path_add(unknown, fact->name);
    }
    add_attributes(unknown, element, unknown->known[1]);
    if (!unknown->known[1]) {
        add_element(unknown, element, known != NULL);
    } else if (named) {
        check_id(unknown, element, known, fact->name);
    }
}

void unknown_start(struct xccos_unknown *unknown, const struct xml_element *element)
{
    static const struct slice id_name = SLICE("id");
    unsigned depth = element->depth < UNKNOWN_DEPTH ? element->depth : UNKNOWN_DEPTH - 1;
    const struct known_name *known = find_element(unknown->known[depth - 1], element->name);
    struct slice id = SLICE("");
    settle(unknown);
    if (element->depth >= UNKNOWN_DEPTH) {
        known = NULL;
    } else {
        unknown->sizes[depth] = unknown->size;
        unknown->known[depth] = known && !known->recalled ? known : NULL;
    }
    path_add(unknown, slice_of("/"));
    path_add(unknown, known ? slice_of(known->name) : element->name);
    bool property = known && (strcmp(known->name, "info") == 0 || strcmp(known->name, "prop") == 0);
    if (property) {
        (void)xml_attribute(element, id_name, &id);
    }
    add_attributes(unknown, element, known);
    if (!known || known->recalled) {
        add_element(unknown, element, known != NULL);
    } else if (property) {
        path_add(unknown, slice_of("["));
        path_add(unknown, slice_trim(id));
        path_add(unknown, slice_of("]"));
        check_id(unknown, element, known, slice_trim(id));
    }
}

void unknown_text(struct xccos_unknown *unknown, struct slice text)
{
    if (unknown->collecting) {
        size_t size = fit(text, UNKNOWN_TEXT - unknown->text_size);
        if (size > 0) {
            memcpy(unknown->text + unknown->text_size, text.data, size);
            unknown->text_size += size;
        }
        if (size < text.size) {
            settle(unknown);
        }
    }
}

void unknown_end(struct xccos_unknown *unknown, unsigned depth)
{
    if (unknown->collecting && unknown->collecting_depth == depth) {
        settle(unknown);
    }
    if (depth < UNKNOWN_DEPTH) {
        unknown->size = unknown->sizes[depth];
    }
}

void unknown_take(struct xccos_unknown *unknown, struct chat_fact *fact)
{
    settle(unknown);
    fact->unknown = unknown->items;
    fact->unknown_count = unknown->count;
    unknown->items = NULL;
    unknown->count = 0;
    unknown->capacity = 0;
}
