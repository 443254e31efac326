/*
 * A growing run of bytes that is written, and a run of bytes that is read.
 *
 * TDS is little-endian but for a few fields of its packet header and login. Out of memory ends
 * the server: it is a test peer.
 */
#ifndef OCSIGHT_TESTS_TDS_BYTES_H
#define OCSIGHT_TESTS_TDS_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bytes {
    uint8_t *data;
    size_t size;
    size_t capacity;
};

void bytes_put(struct bytes *bytes, const void *data, size_t size);
void bytes_text(struct bytes *bytes, const char *text);
void bytes_format(struct bytes *bytes, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void bytes_u8(struct bytes *bytes, uint8_t value);
void bytes_u16(struct bytes *bytes, uint16_t value);
void bytes_u32(struct bytes *bytes, uint32_t value);
void bytes_u64(struct bytes *bytes, uint64_t value);
void bytes_big16(struct bytes *bytes, uint16_t value);
void bytes_set16(struct bytes *bytes, size_t at, uint16_t value);

/* UTF-8 as UTF-16LE, and the other way round; what is malformed becomes U+FFFD. */
void bytes_utf16(struct bytes *bytes, const char *text, size_t size);
void bytes_utf8(struct bytes *bytes, const uint8_t *utf16, size_t size);

/* The same between UTF-8 and Windows-1252, the server's code page; '?' where it has no such sign.
 */
void bytes_cp1252(struct bytes *bytes, const char *text, size_t size);
void bytes_from_cp1252(struct bytes *bytes, const uint8_t *data, size_t size);

/* Zero-terminated, as long as nothing is added. */
const char *bytes_string(struct bytes *bytes);
void bytes_clear(struct bytes *bytes);
void bytes_dispose(struct bytes *bytes);

/* `bad` sticks once more was read than there is; everything read then is zero. */
struct reader {
    const uint8_t *at;
    size_t left;
    bool bad;
};

struct reader reader_over(const void *data, size_t size);
const uint8_t *reader_take(struct reader *reader, size_t size); /* NULL when bad */
uint8_t reader_u8(struct reader *reader);
uint16_t reader_u16(struct reader *reader);
uint32_t reader_u32(struct reader *reader);
uint64_t reader_u64(struct reader *reader);
uint16_t reader_big16(struct reader *reader);

#endif
