/*
 * SHA-256 of an input file. See digest.h.
 */
#include "analyzer/digest.h"

#include <stdio.h>
#include <sys/stat.h>

#include <openssl/evp.h>

static void write_hex(const unsigned char *digest, unsigned size, char out[static DIGEST_TEXT])
{
    for (unsigned i = 0; i < size && i < 32; i++) {
        snprintf(out + (size_t)2 * i, 3, "%02x", digest[i]);
    }
}

static bool digest_stream(FILE *file, EVP_MD_CTX *context, char out[static DIGEST_TEXT])
{
    unsigned char buffer[65536];
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    bool good = EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1;
    size_t got = fread(buffer, 1, sizeof buffer, file);
    while (good && got > 0) {
        good = EVP_DigestUpdate(context, buffer, got) == 1;
        got = fread(buffer, 1, sizeof buffer, file);
    }
    good = good && !ferror(file) && EVP_DigestFinal_ex(context, digest, &size) == 1;
    if (good) {
        write_hex(digest, size, out);
    }
    return good;
}

bool digest_file(const char *path, char out[static DIGEST_TEXT])
{
    struct stat status;
    out[0] = '\0';
    if (stat(path, &status) != 0 || !S_ISREG(status.st_mode)) {
        return false;
    }
    FILE *file = fopen(path, "rb");
    if (!file) {
        return false;
    }
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool good = context && digest_stream(file, context, out);
    EVP_MD_CTX_free(context);
    fclose(file);
    return good;
}
