/*
 * The nine availability bands. See bands.h.
 */
#include "analyzer/engine/bands.h"

/* clang-format off */
static const struct band_row rows[BANDS] = {
    {BAND_UNKNOWN,        "unknown",        "Unknown",            0,     0,          0,     "the input says nothing about the user"},
    {BAND_UNDEFINED,      "undefined",      "Undefined",          0,     2999,       0,     "presence.md 4.1: sources disagree below 3000"},
    {BAND_AVAILABLE,      "available",      "Available",          3000,  4499,       3500,  "presence.md 4.1"},
    {BAND_AVAILABLE_IDLE, "available-idle", "Available, idle",    4500,  5999,       5000,  "presence.md 4.1"},
    {BAND_BUSY,           "busy",           "Busy",               6000,  7499,       6500,  "presence.md 4.1"},
    {BAND_BUSY_IDLE,      "busy-idle",      "Busy, idle",         7500,  8999,       7500,  "presence.md 4.1"},
    {BAND_DO_NOT_DISTURB, "do-not-disturb", "Do not disturb",     9000,  11999,      9500,  "presence.md 4.1"},
    {BAND_BE_RIGHT_BACK,  "be-right-back",  "Be right back",      12000, 14999,      12500, "presence.md 4.1"},
    {BAND_AWAY,           "away",           "Away",               15000, 17999,      15500, "presence.md 4.1"},
    {BAND_OFFLINE,        "offline",        "Offline",            18000, UINT32_MAX, 18500, "presence.md 4.1: 18000 itself is Offline"},
};

static const struct token_row tokens[] = {
    {"on-the-phone",              "in a call",                               BAND_BUSY,           "presence.md 4.3"},
    {"in-a-conference",           "in a conference call",                    BAND_BUSY,           "presence.md 4.3"},
    {"in-a-meeting",              "in a calendar meeting",                   BAND_BUSY,           "presence.md 4.3"},
    {"urgent-interruptions-only", "do not disturb as the workgroup sees it", BAND_BUSY,           "presence.md 4.3"},
    {"in-presentation",           "sharing the screen",                      BAND_DO_NOT_DISTURB, "presence.md 4.3"},
    {"out-of-office",             "automatic replies; shown from 12000 up",  BAND_AWAY,           "presence.md 4.3"},
    {"off-work",                  "outside working hours",                   BAND_AWAY,           "presence.md 4.3"},
};
/* clang-format on */

enum band band_of(int64_t availability)
{
    if (availability < 0) {
        return BAND_UNKNOWN;
    }
    for (int band = BAND_UNDEFINED; band < BAND_OFFLINE; band++) {
        if (availability <= rows[band].high) {
            return (enum band)band;
        }
    }
    return BAND_OFFLINE;
}

const struct band_row *band_rows(void)
{
    return rows;
}

const char *band_name(enum band band)
{
    return rows[band < BANDS ? band : BAND_UNKNOWN].name;
}

const char *band_title(enum band band)
{
    return rows[band < BANDS ? band : BAND_UNKNOWN].title;
}

const struct token_row *token_rows(size_t *count)
{
    *count = sizeof tokens / sizeof tokens[0];
    return tokens;
}
