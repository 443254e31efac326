/*
 * SIP messages that several tests read: from the fact sheets (presence.md 1, 7,
 * 8; xccos.md 3.2), shortened where a body is not the point.
 */
#ifndef OCSIGHT_TESTS_UNIT_SIP_SAMPLES_H
#define OCSIGHT_TESTS_UNIT_SIP_SAMPLES_H

#define SAMPLE_SERVICE                                                                             \
    "SERVICE sip:ada@contoso.example SIP/2.0\r\n"                                                  \
    "Via: SIP/2.0/TLS 192.0.2.21:51244\r\n"                                                        \
    "Max-Forwards: 70\r\n"                                                                         \
    "From: <sip:ada@contoso.example>;tag=6e1f0b7a21;epid=5D0C11A9FE\r\n"                           \
    "To: <sip:ada@contoso.example>\r\n"                                                            \
    "Call-ID: 7f0f7c6c0a1d4a5f9d2b1c33aa10e001\r\n"                                                \
    "CSeq: 1 SERVICE\r\n"                                                                          \
    "Contact: <sip:ada@contoso.example;opaque=user:epid:q1Zb0c2Dd1u3kExampleA1AA;gruu>\r\n"        \
    "User-Agent: UCCAPI/4.0.7577.0 OC/4.0.7577.0 (Microsoft Lync 2010)\r\n"                        \
    "Proxy-Authorization: Kerberos qop=\"auth\", realm=\"SIP Communications Service\",\r\n"        \
    " opaque=\"1A2B3C4D\", response=\"602306092a00\"\r\n"                                          \
    "Content-Type: application/msrtc-category-publish+xml\r\n"                                     \
    "Content-Length: 73\r\n"                                                                       \
    "\r\n"                                                                                         \
    "<publish xmlns=\"http://schemas.microsoft.com/2006/09/sip/rich-presence\"/>"

#define SAMPLE_SUBSCRIBE_OK                                                                        \
    "SIP/2.0 200 OK\r\n"                                                                           \
    "Contact: <sip:fe01.contoso.example:5061;transport=tls>\r\n"                                   \
    "Via: SIP/2.0/TLS 192.0.2.22:50910;ms-received-port=50910;ms-received-cid=20C100\r\n"          \
    "From: <sip:bo@contoso.example>;tag=22aa11;epid=0b0b77aa12\r\n"                                \
    "To: <sip:bo@contoso.example>;tag=D0830080\r\n"                                                \
    "Call-ID: 5b7d0a90e2c84b5d8a7a0f9f3c1d0002\r\n"                                                \
    "CSeq: 1 SUBSCRIBE\r\n"                                                                        \
    "Expires: 23903\r\n"                                                                           \
    "Event: presence\r\n"                                                                          \
    "subscription-state: active;expires=23903\r\n"                                                 \
    "ms-piggyback-cseq: 1\r\n"                                                                     \
    "Supported: ms-benotify, ms-piggyback-first-notify\r\n"                                        \
    "Content-Type: multipart/related; type=\"application/rlmi+xml\"; start=resourceList\r\n"       \
    "Content-Length: 11\r\n"                                                                       \
    "\r\n"                                                                                         \
    "--b0b1b2b3-"

#define SAMPLE_BENOTIFY                                                                            \
    "BENOTIFY sip:192.0.2.22:50910;transport=tls;ms-opaque=4c1d;ms-received-cid=20C100 "           \
    "SIP/2.0\r\n"                                                                                  \
    "Via: SIP/2.0/TLS 192.0.2.5:5061;branch=z9hG4bK5C0FAE11.0A0B0C0D;branched=FALSE\r\n"           \
    "Authentication-Info: Kerberos rspauth=\"602306092a07\", srand=\"11223344\"\r\n"               \
    "Max-Forwards: 70\r\n"                                                                         \
    "To: <sip:bo@contoso.example>;tag=22aa11;epid=0b0b77aa12\r\n"                                  \
    "From: <sip:bo@contoso.example>;tag=D0830080\r\n"                                              \
    "Call-ID: 5b7d0a90e2c84b5d8a7a0f9f3c1d0002\r\n"                                                \
    "CSeq: 2 BENOTIFY\r\n"                                                                         \
    "Event: presence\r\n"                                                                          \
    "subscription-state: active;expires=22210\r\n"                                                 \
    "Content-Type: application/msrtc-event-categories+xml\r\n"                                     \
    "Content-Length: 13\r\n"                                                                       \
    "\r\n"                                                                                         \
    "<categories/>"

#define SAMPLE_INFO                                                                                \
    "INFO sip:ocschat@contoso.example;opaque=user:epid:exampleL1;gruu SIP/2.0\r\n"                 \
    "Via: SIP/2.0/TLS 192.0.2.21:52311;branch=z9hG4bK7a10c2f3\r\n"                                 \
    "Max-Forwards: 70\r\n"                                                                         \
    "From: <sip:ada@contoso.example>;tag=4419023817;epid=5ad2c1b07e44\r\n"                         \
    "To: <sip:ocschat@contoso.example>;tag=9c1be2f07d;epid=1C2D3E4F50\r\n"                         \
    "Call-ID: 1F0Eg6C21a7B03iD4E9m0A17t55C2bA390xE7F4\r\n"                                         \
    "CSeq: 2 INFO\r\n"                                                                             \
    "User-Agent: ExampleChat/1.0\r\n"                                                              \
    "Content-Type: text/plain\r\n"                                                                 \
    "Content-Length: 119\r\n"                                                                      \
    "\r\n"                                                                                         \
    "<xccos ver=\"1\" envid=\"1804289383\" xmlns=\"urn:parlano:xml:ns:xccos\">"                    \
    "<cmd id=\"cmd:requri\" seqid=\"1\"><data/></cmd></xccos>"

#define SAMPLE_BUSY                                                                                \
    "SIP/2.0 503 Service Unavailable\r\n"                                                          \
    "Via: SIP/2.0/TLS 192.0.2.21:52311;branch=z9hG4bK7a10c301\r\n"                                 \
    "From: <sip:ada@contoso.example>;tag=7701288113;epid=5ad2c1b07e44\r\n"                         \
    "To: <sip:GC-1-PersistentChatService-2@contoso.example>;tag=52d0a9e6c4\r\n"                    \
    "Call-ID: 9B44gA7D1a02F3iC6D1m8E50t21D9b7A31x0C66\r\n"                                         \
    "CSeq: 9 INFO\r\n"                                                                             \
    "Ms-diagnostics: 20000;source=\"pchat01.contoso.example\";reason=\"Chat service busy\";"       \
    "component=\"GroupChat\"\r\n"                                                                  \
    "Content-Length: 0\r\n"                                                                        \
    "\r\n"

#define SAMPLE_REGISTER                                                                            \
    "REGISTER sip:contoso.example SIP/2.0\r\n"                                                     \
    "Via: SIP/2.0/TLS 192.0.2.21:51244\r\n"                                                        \
    "Max-Forwards: 70\r\n"                                                                         \
    "From: <sip:ada@contoso.example>;tag=00ff;epid=5d0c11a9fe\r\n"                                 \
    "To: <sip:ada@contoso.example>\r\n"                                                            \
    "Call-ID: 6c6c6c6c5b5b4a4a39392828171706f8\r\n"                                                \
    "CSeq: 3 REGISTER\r\n"                                                                         \
    "Contact: <sip:192.0.2.21:51244;transport=tls;ms-opaque=3a11>;methods=\"INVITE, MESSAGE\";"    \
    "proxy=replace;+sip.instance=\"<urn:uuid:0A1B2C3D-0000-5111-8222-333344445555>\"\r\n"          \
    "Supported: gruu-10, adhoclist, msrtc-event-categories\r\n"                                    \
    "Supported: ms-forking\r\n"                                                                    \
    "ms-keep-alive: UAC;hop-hop=yes\r\n"                                                           \
    "Event: registration\r\n"                                                                      \
    "Content-Length: 0\r\n"                                                                        \
    "\r\n"

#define SAMPLE_PUBLISH                                                                             \
    "PUBLISH sip:fay@contoso.example SIP/2.0\r\n"                                                  \
    "Via: SIP/2.0/TLS 198.51.100.9:5067;branch=z9hG4bKac1002\r\n"                                  \
    "Max-Forwards: 70\r\n"                                                                         \
    "From: <sip:fay@contoso.example>;tag=1c1002\r\n"                                               \
    "To: <sip:fay@contoso.example>\r\n"                                                            \
    "Call-ID: 100101@198.51.100.9\r\n"                                                             \
    "CSeq: 1 PUBLISH\r\n"                                                                          \
    "Event: presence\r\n"                                                                          \
    "Expires: 600\r\n"                                                                             \
    "SIP-If-Match: 2545000001-1-1\r\n"                                                             \
    "Content-Length: 0\r\n"                                                                        \
    "\r\n"

#define SAMPLE_NEGOTIATE                                                                           \
    "NEGOTIATE sip:192.0.2.5:5061 SIP/2.0\r\n"                                                     \
    "Via: SIP/2.0/TLS 192.0.2.21:51244\r\n"                                                        \
    "CSeq: 1 NEGOTIATE\r\n"                                                                        \
    "Call-ID: 33aa44bb55cc66dd77ee88ff99000007\r\n"                                                \
    "From: <sip:192.0.2.21:51244>;tag=0a0b0c\r\n"                                                  \
    "To: <sip:192.0.2.5:5061>\r\n"                                                                 \
    "Compression: LZ77-8K\r\n"                                                                     \
    "Max-Forwards: 0\r\n"                                                                          \
    "Content-Length: 0\r\n"                                                                        \
    "\r\n"

#define SAMPLE_NEGOTIATE_OK                                                                        \
    "SIP/2.0 200 OK\r\n"                                                                           \
    "Via: SIP/2.0/TLS 192.0.2.21:51244\r\n"                                                        \
    "CSeq: 1 NEGOTIATE\r\n"                                                                        \
    "Call-ID: 33aa44bb55cc66dd77ee88ff99000007\r\n"                                                \
    "From: <sip:192.0.2.21:51244>;tag=0a0b0c\r\n"                                                  \
    "To: <sip:192.0.2.5:5061>;tag=99\r\n"                                                          \
    "Compression: LZ77-8K\r\n"                                                                     \
    "Content-Length: 0\r\n"                                                                        \
    "\r\n"

#endif
