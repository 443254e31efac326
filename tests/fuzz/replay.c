/*
 * Runs a fuzz target over the files of its corpus, for builds without libFuzzer.
 *
 *   fuzz_sip DIRECTORY-OR-FILE...
 *
 * Every input is copied to a heap block of exactly its size, so that a
 * sanitizer sees each read past the end. Fails when there was nothing to run.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t run_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        return 0;
    }
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    uint8_t *data = size >= 0 ? malloc(size > 0 ? (size_t)size : 1) : NULL;
    size_t ran = 0;
    if (data && fread(data, 1, (size_t)size, file) == (size_t)size) {
        (void)LLVMFuzzerTestOneInput(data, (size_t)size);
        ran = 1;
    }
    free(data);
    fclose(file);
    return ran;
}

static size_t run_path(const char *path)
{
    DIR *directory = opendir(path);
    if (!directory) {
        return run_file(path);
    }
    size_t ran = 0;
    for (struct dirent *entry = readdir(directory); entry; entry = readdir(directory)) {
        if (entry->d_name[0] == '.') {
            continue;
        }
        char file[4096];
        snprintf(file, sizeof file, "%s/%s", path, entry->d_name);
        ran += run_file(file);
    }
    closedir(directory);
    return ran;
}

int main(int argc, char **argv)
{
    size_t ran = 0;
    for (int i = 1; i < argc; i++) {
        ran += run_path(argv[i]);
    }
    printf("%zu inputs replayed\n", ran);
    return ran > 0 ? 0 : 1;
}
