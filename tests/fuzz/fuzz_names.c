/*
 * The file of names, and lanes that are called so: whatever the file holds, it is read to its end
 * or its first wrong line, and every name in it names one thing at most.
 */
#include "analyzer/names_file.h"

#include "reports/ladder_model.h"
#include "tests/fuzz/target.h"

/* One request, so that there are lanes to be named. */
static void feed(struct ladder_model *model)
{
    struct message message = {
        .request = true,
        .method = SIP_REGISTER,
        .method_name = SLICE("REGISTER"),
        .id = 1,
        .transaction = 1,
        .from = {.user = SLICE("ann@contoso.example"), .epid = SLICE("5d0c11a9fe")},
        .to = {.user = SLICE("ann@contoso.example")},
        .sent_by = SLICE("ann-pc.contoso.example:50001"),
        .observed = {.origin = {.record = 1},
                     .source = {{192, 0, 2, 31}, ADDRESS_IPV4, 50001},
                     .destination = {{0x20, 1, 0xd, 0xb8, [15] = 5}, ADDRESS_IPV6, 5061}},
    };
    struct event event = {.kind = EVENT_MESSAGE, .message = &message};
    message.observations = &message.observed;
    message.observation_count = 1;
    ladder_model_event(model, &event);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct names names;
    struct ladder_model model;
    struct limits limits = limits_default();
    names_init(&names);
    size_t wrong = names_parse(&names, (struct slice){(const char *)data, size});
    require(wrong <= size + 1 && names.count <= size / 3 + 1);
    struct ladder_options options = {.names = names.rows, .name_count = names.count};
    ladder_model_init(&model, &options, (struct map_seed){{1, 2}}, &limits);
    feed(&model);
    ladder_model_settle(&model);
    require(model.lane_count == 2);
    for (size_t i = 0; i < names.count; i++) {
        require(names.rows[i].of.size > 0 && names.rows[i].name.size > 0);
        require(!model.names_used[i] || model.names.count > 0);
    }
    for (size_t i = 0; i < model.lane_count; i++) {
        require(model.lanes[i].name.size > 0);
    }
    ladder_model_dispose(&model);
    names_dispose(&names);
    return 0;
}
