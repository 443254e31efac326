/*
 * What the rooms of a ladder are called: each row by the name that the room had then.
 */
#include "tests/unit/output_text.h"

#include "reports/ladder_rooms.h"

static const struct slice ops = SLICE("ma-chan://contoso.example/0b6f5a52-3f0e");
static const struct slice coffee = SLICE("ma-chan://contoso.example/7d1c9e04-51ab");

static void assert_name(const struct ladder_room *room, const char *name)
{
    char text[128];
    assert_non_null(room);
    snprintf(text, sizeof text, "%.*s", (int)room->name.size, room->name.data);
    assert_string_equal(text, name);
}

static void model_make(struct ladder_model *model)
{
    struct limits limits = limits_default();
    struct ladder_options options = {0};
    ladder_model_init(model, &options, test_seed(), &limits);
}

static void a_new_name_leaves_what_came_before(void **state)
{
    (void)state;
    struct ladder_model model;
    model_make(&model);
    struct ladder_room *early = ladder_room_of(&model, ops);
    ladder_room_learn(&model, ops, slice_of("Ops Bridge"));
    ladder_room_learn(&model, ops, slice_of(""));
    assert_ptr_equal(ladder_room_of(&model, ops), early);
    ladder_room_learn(&model, ops, slice_of("Ops Bridge EMEA"));
    struct ladder_room *late = ladder_room_of(&model, ops);
    ladder_room_learn(&model, ops, slice_of("Ops Bridge EMEA"));
    assert_ptr_equal(ladder_room_of(&model, ops), late);
    ladder_rooms_name(&model);
    assert_name(early, "Ops Bridge");
    assert_name(late, "Ops Bridge EMEA");
    ladder_model_dispose(&model);
}

static void names_that_no_row_shows_take_no_room(void **state)
{
    (void)state;
    struct ladder_model model;
    model_make(&model);
    ladder_room_learn(&model, coffee, slice_of("Coffee"));
    ladder_room_learn(&model, coffee, slice_of("Tea"));
    assert_name(ladder_room_of(&model, coffee), "Tea");
    assert_int_equal(model.rooms.count, 1);
    ladder_model_dispose(&model);
}

static void without_a_name_the_identifier_has_to_do(void **state)
{
    (void)state;
    struct ladder_model model;
    model_make(&model);
    struct ladder_room *room = ladder_room_of(&model, coffee);
    assert_null(ladder_room_of(&model, slice_of("")));
    ladder_rooms_name(&model);
    assert_name(room, "room 7d1c9e04…");
    ladder_model_dispose(&model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_name_leaves_what_came_before),
        cmocka_unit_test(names_that_no_row_shows_take_no_room),
        cmocka_unit_test(without_a_name_the_identifier_has_to_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
