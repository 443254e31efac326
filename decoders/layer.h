/*
 * One protocol layer of a packet on the way inwards: what its bytes are, and
 * how many more there were on the wire.
 *
 * Each reader of a header (link.h, ip.h, tunnel.h) takes a layer, moves it
 * behind that header and says what kind of thing comes next; frame.c loops until
 * a transport header is reached.
 */
#ifndef OCSIGHT_DECODERS_LAYER_H
#define OCSIGHT_DECODERS_LAYER_H

#include "analyzer/engine/summary.h"

/* What `number` of a layer counts. */
enum layer_kind {
    LAYER_LINK,  /* LINKTYPE_ values */
    LAYER_ETHER, /* EtherTypes */
    LAYER_IP,    /* IP protocol numbers */
};

enum {
    LINK_ETHERNET = 1,
    LINK_RAW = 101,
    ETHER_IPV4 = 0x0800,
    ETHER_IPV6 = 0x86dd,
};

struct layer {
    enum layer_kind kind;
    uint32_t number;
    struct slice bytes; /* captured */
    uint64_t missing;   /* behind them: on the wire and not captured */
};

/* What a reader returns when it went one layer further in. */
#define SKIP_NOTHING SKIP_REASONS

/* Moves behind a header of `size` captured bytes. */
static inline void layer_enter(struct layer *layer, enum layer_kind kind, uint32_t number,
                               size_t size)
{
    layer->kind = kind;
    layer->number = number;
    layer->bytes = slice_from(layer->bytes, size);
}

/*
 * A header says that `size` bytes follow. What is there beyond is padding. If
 * there is less, the header is believed: the rest was not captured.
 */
static inline void layer_trim(struct layer *layer, uint64_t size)
{
    if (size <= layer->bytes.size) {
        layer->bytes.size = (size_t)size;
        layer->missing = 0;
    } else {
        layer->missing = size - layer->bytes.size;
    }
}

#endif
