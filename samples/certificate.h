/*
 * The certificate that the encrypted samples show: self-signed, made for this
 * purpose for CN=fe01.contoso.example; its private key was thrown away.
 */
#ifndef OCSIGHT_SAMPLES_CERTIFICATE_H
#define OCSIGHT_SAMPLES_CERTIFICATE_H

enum { CERTIFICATE_SIZE = 805 };

extern const unsigned char certificate[CERTIFICATE_SIZE];

#endif
