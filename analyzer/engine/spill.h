/*
 * Rows that find no room in memory: kept elsewhere under the number of their owner, and read back
 * in the order in which they were kept.
 *
 * Given to reports by the program (sql/spill.h: an unlinked temporary file); a report that has none
 * counts what it could not keep. Bytes are those of this process: nobody else reads them.
 */
#ifndef OCSIGHT_ANALYZER_ENGINE_SPILL_H
#define OCSIGHT_ANALYZER_ENGINE_SPILL_H

#include "analyzer/engine/slice.h"

struct spill {
    void *context;
    /* False when there is no room there either. */
    bool (*keep)(void *context, uint64_t owner, struct slice row);
    /* Hands each row of `owner` to `take`, borrowed until it returns. False = not all came back. */
    bool (*read)(void *context, uint64_t owner, void *taker,
                 void (*take)(void *taker, struct slice row));
};

#endif
