/*
 * The containers. See container_table.h. Not said by any source: what the server
 * does with containers of other numbers.
 */
#include "reports/container_table.h"

/* clang-format off */
static const struct container_row rows[] = {
    {0, "Default", "everyone who is in no other container",
     "identity card, routing, dndState", "the user's clients",
     "presence.md 5: default container"},
    {1, "Self", "the owner",
     "options, properties, working hours, calendarData", "the user's clients",
     "presence.md 5: self container; seed 000"},
    {2, "First aggregation", "the owner only",
     "all inputs (user, machine, phone, calendar states), aggregateState, aggregateMachineState, "
     "device, services",
     "the user's clients; the server aggregates here and feeds 100, 200 and 400",
     "presence.md 3.1, 5: aggregation containers; seed 000"},
    {3, "Second aggregation", "the owner only",
     "the inputs with do not disturb turned to 6900, aggregateState",
     "the user's clients; the server aggregates here and feeds 300",
     "presence.md 3.1, 5: aggregation containers; seed 000"},
    {100, "External contacts (Public)", "federated contacts, by default",
     "the bare availability: no activity, location, time zone or device", "container 2",
     "presence.md 5: external contacts container; seed 000"},
    {200, "Colleagues (Company)", "the same enterprise, by default",
     "availability, activity, location, free/busy, note", "container 2",
     "presence.md 5: colleagues container; seed 000"},
    {300, "Workgroup (Team)", "chosen users; delegates",
     "as 200, but 6900 with urgent-interruptions-only instead of 9500; mobile number",
     "container 3", "presence.md 5: workgroup container; seed 000"},
    {400, "Friends and family (Personal)", "chosen users",
     "as 200, and home numbers", "container 2",
     "presence.md 5: friends and family container; seed 000"},
    {32000, "Blocked", "chosen users; the public cloud in standard mode",
     "aggregateState 18500 always; note, contact card and services empty",
     "nothing: the value is fixed", "presence.md 5: blocked contacts container; seed 000"},
};
/* clang-format on */

const struct container_row *container_rows(size_t *count)
{
    *count = sizeof rows / sizeof rows[0];
    return rows;
}

const struct container_row *container_row_find(uint32_t id)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].id == id) {
            return &rows[i];
        }
    }
    return NULL;
}
