/*
 * MD4 (RFC 1320): NTLM hashes the password with it, and OpenSSL 3 keeps it in a provider that need
 * not be installed.
 */
#ifndef OCSIGHT_TESTS_TDS_MD4_H
#define OCSIGHT_TESTS_TDS_MD4_H

#include <stddef.h>
#include <stdint.h>

void md4(const uint8_t *data, size_t size, uint8_t digest[16]);

#endif
