#include "tests/tds/md4.h"

#include <stdlib.h>
#include <string.h>

static uint32_t rotate(uint32_t value, unsigned bits)
{
    return value << bits | value >> (32 - bits);
}

static uint32_t mix(unsigned round, uint32_t x, uint32_t y, uint32_t z)
{
    if (round == 0)
        return (x & y) | (~x & z);
    return round == 1 ? (x & y) | (x & z) | (y & z) : x ^ y ^ z;
}

/* RFC 1320 section 3.4: three rounds of sixteen steps. */
static void md4_block(uint32_t state[4], const uint8_t block[64])
{
    static const uint8_t order[3][16] = {
        {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
        {0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15},
        {0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15},
    };
    static const uint8_t shifts[3][4] = {{3, 7, 11, 19}, {3, 5, 9, 13}, {3, 9, 11, 15}};
    static const uint32_t constants[3] = {0, 0x5A827999, 0x6ED9EBA1};
    uint32_t word[16];
    for (unsigned i = 0; i < 16; i++)
        word[i] = (uint32_t)block[4 * i] | (uint32_t)block[4 * i + 1] << 8 |
                  (uint32_t)block[4 * i + 2] << 16 | (uint32_t)block[4 * i + 3] << 24;
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
    for (unsigned step = 0; step < 48; step++) {
        const unsigned round = step / 16;
        uint32_t sum = a + mix(round, b, c, d) + word[order[round][step % 16]] + constants[round];
        a = d;
        d = c;
        c = b;
        b = rotate(sum, shifts[round][step % 4]);
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
}

void md4(const uint8_t *data, size_t size, uint8_t digest[16])
{
    uint32_t state[4] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476};
    size_t at = 0;
    for (; size - at >= 64; at += 64)
        md4_block(state, data + at);
    uint8_t rest[128] = {0};
    size_t left = size - at;
    if (left > 0)
        memcpy(rest, data + at, left);
    rest[left] = 0x80;
    const size_t end = left < 56 ? 64 : 128;
    for (unsigned i = 0; i < 8; i++)
        rest[end - 8 + i] = (uint8_t)((uint64_t)size * 8 >> (8 * i));
    for (size_t i = 0; i < end; i += 64)
        md4_block(state, rest + i);
    for (unsigned i = 0; i < 16; i++)
        digest[i] = (uint8_t)(state[i / 4] >> (8 * (i % 4)));
}
