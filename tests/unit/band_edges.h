/*
 * The edges of the availability bands: the first number of each, and the last before it.
 *
 * Source: facts/presence.md part 4.
 */
#ifndef OCSIGHT_TESTS_UNIT_BAND_EDGES_H
#define OCSIGHT_TESTS_UNIT_BAND_EDGES_H

#include "analyzer/engine/bands.h"

struct band_edge {
    int number;
    enum band band;
};

/* clang-format off */
static const struct band_edge band_edges[] = {
    {2999, BAND_UNDEFINED},       {3000, BAND_AVAILABLE},       {4499, BAND_AVAILABLE},
    {4500, BAND_AVAILABLE_IDLE},  {5999, BAND_AVAILABLE_IDLE},  {6000, BAND_BUSY},
    {7499, BAND_BUSY},            {7500, BAND_BUSY_IDLE},       {8999, BAND_BUSY_IDLE},
    {9000, BAND_DO_NOT_DISTURB},  {11999, BAND_DO_NOT_DISTURB}, {12000, BAND_BE_RIGHT_BACK},
    {14999, BAND_BE_RIGHT_BACK},  {15000, BAND_AWAY},           {17999, BAND_AWAY},
    {18000, BAND_OFFLINE},
};
/* clang-format on */

#endif
