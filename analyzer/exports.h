/*
 * Exports of the compliance service, which the audit compares with the capture: read whole
 * before the first packet (analyzer/audit/archive.h).
 *
 * Called by pipeline.c alone. An export is an input of the run like a capture; its row comes
 * behind those of the captures, and its evidence is a line and an offset.
 */
#ifndef OCSIGHT_ANALYZER_EXPORTS_H
#define OCSIGHT_ANALYZER_EXPORTS_H

#include "analyzer/audit/archive.h"
#include "analyzer/engine/limits.h"
#include "analyzer/engine/summary.h"
#include "decoders/redact.h"

struct exports_options {
    const char *const *names;
    size_t count;
    const struct slice *contents; /* for tests: the bytes of each; NULL = files */
    size_t first;                 /* index of the first among the inputs of the run */
    const struct limits *limits;
    struct redactor *redactor; /* NULL = names stay as they are */
};

/*
 * Tells `archive` what is in them, and `sink` what is odd about them (EVENT_DIAGNOSTIC).
 * `rows` gets one row each. Returns how many could not be read at all; each is told on standard
 * error.
 */
size_t exports_read(const struct exports_options *options, struct archive *archive,
                    const struct event_sink *sink, struct input_info *rows);

#endif
