/*
 * SHA-256. See digest.h.
 */
#include "decoders/digest.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <openssl/evp.h>

#include "analyzer/engine/arena.h"

struct digest {
    EVP_MD *kind;
    EVP_MD_CTX *context;
};

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

/* ---- of many texts ---- */

struct digest *digest_new(void)
{
    struct digest *digest = memory_zero(1, sizeof *digest);
    digest->kind = EVP_MD_fetch(NULL, "SHA256", NULL);
    digest->context = EVP_MD_CTX_new();
    if (!digest->kind || !digest->context) {
        memory_fatal();
    }
    return digest;
}

void digest_free(struct digest *digest)
{
    if (digest) {
        EVP_MD_CTX_free(digest->context);
        EVP_MD_free(digest->kind);
        free(digest);
    }
}

void digest_bytes(struct digest *digest, struct slice bytes, unsigned char out[static DIGEST_BYTES])
{
    if (EVP_DigestInit_ex2(digest->context, digest->kind, NULL) != 1 ||
        EVP_DigestUpdate(digest->context, bytes.data, bytes.size) != 1 ||
        EVP_DigestFinal_ex(digest->context, out, NULL) != 1) {
        memory_fatal();
    }
}
