/*
 * Legacy presence as numbers. See legacy.h.
 */
#include "analyzer/engine/legacy.h"

enum { LEGACY_CONNECTED = 100 }; /* below that: offline */

struct legacy_row {
    int64_t from; /* activity; up to the next row */
    enum band band;
    struct slice activity;
};

/* clang-format off */
static const struct legacy_row rows[] = {
    {0,   BAND_AWAY,          SLICE("")},
    {150, BAND_AWAY,          SLICE("lunch")},
    {200, BAND_AWAY,          SLICE("idle")},
    {300, BAND_BE_RIGHT_BACK, SLICE("")},
    {400, BAND_AVAILABLE,     SLICE("")},
    {500, BAND_BUSY,          SLICE("on-the-phone")},
    {600, BAND_BUSY,          SLICE("")},
    {700, BAND_AWAY,          SLICE("")},
    {800, BAND_AVAILABLE,     SLICE("")},
};
/* clang-format on */

static void take_activity(struct legacy_presence *presence, int64_t activity)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (activity >= rows[i].from) {
            presence->known = true;
            presence->availability = band_rows()[rows[i].band].usual;
            presence->activity = rows[i].activity;
        }
    }
}

/* A later choice at a device counts unless it is more available than what is known so far. */
static void take_device(struct legacy_presence *presence, const struct legacy_fact *fact,
                        const struct legacy_device *device)
{
    int64_t chosen = fact->has_user_state && !fact->user_state_nil ? fact->user_since : TIME_NONE;
    if (device->state != AVAILABILITY_NONE && device->since > chosen &&
        device->state >= presence->availability) {
        presence->known = true;
        presence->availability = device->state;
        presence->activity = device->text;
    }
}

struct legacy_presence legacy_meaning(const struct legacy_fact *fact)
{
    struct legacy_presence presence = {.availability = AVAILABILITY_NONE};
    if (fact->availability != AVAILABILITY_NONE && fact->availability < LEGACY_CONNECTED) {
        presence.known = true;
        presence.availability = band_rows()[BAND_OFFLINE].usual;
    } else {
        take_activity(&presence, fact->activity);
    }
    if (fact->has_user_state && !fact->user_state_nil && fact->user_state > presence.availability) {
        presence.known = true;
        presence.availability = fact->user_state;
        presence.activity = (struct slice){0};
    }
    for (size_t i = 0; i < fact->device_count; i++) {
        take_device(&presence, fact, &fact->devices[i]);
    }
    if (fact->out_of_office && presence.availability >= band_rows()[BAND_AWAY].low) {
        presence.activity = slice_of("out-of-office");
    }
    return presence;
}
