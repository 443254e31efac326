/*
 * What unit tests share. See harness.h.
 */
#include "tests/unit/harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "analyzer/engine/arena.h"

struct guard guard_copy(struct slice bytes)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t room = (bytes.size + page - 1) / page * page;
    char *pages =
        mmap(NULL, room + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(pages != MAP_FAILED);
    assert_int_equal(mprotect(pages + room, page, PROT_NONE), 0);
    if (bytes.size > 0) {
        memcpy(pages + room - bytes.size, bytes.data, bytes.size);
    }
    return (struct guard){{pages + room - bytes.size, bytes.size}, pages, room + page};
}

void guard_free(struct guard *guard)
{
    munmap(guard->pages, guard->size);
}

struct slice test_file(const char *path_in_tree)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", TEST_SOURCE_DIR, path_in_tree);
    FILE *file = fopen(path, "rb");
    if (!file) {
        fail_msg("cannot open %s", path);
    }
    char *data = NULL;
    size_t size = 0;
    size_t got = 0;
    do {
        size += got;
        data = memory_grow(data, size + 65536, 1);
        got = fread(data + size, 1, 65536, file);
    } while (got > 0);
    fclose(file);
    return (struct slice){data, size};
}

struct map_seed test_seed(void)
{
    return (struct map_seed){{0x0706050403020100U, 0x0f0e0d0c0b0a0908U}};
}
