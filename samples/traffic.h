/* Traffic that holds no SIP: web pages, names, media. What a careless capture is full of. */
#ifndef OCSIGHT_SAMPLES_TRAFFIC_H
#define OCSIGHT_SAMPLES_TRAFFIC_H

#include "samples/wire.h"

void traffic_run(struct wire *wire, int64_t start);

#endif
