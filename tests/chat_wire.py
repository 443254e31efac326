"""Chat conversations as captures, byte for byte as a test wants them.

What samples/*.talk cannot say: bodies that are no text, messages of megabytes, as many of
something as a test asks for. Standard library only.
"""
import struct

SERVICE = "GC-1-PersistentChatService-2@contoso.example"
START = 1368518400  # 2013-05-14T08:00:00Z
SEGMENT = 32000
SDP = (b"v=0\r\no=- 0 0 IN IP4 192.0.2.80\r\ns=session\r\nc=IN IP4 192.0.2.80\r\nt=0 0\r\n"
       b"m=message 5060 sip null\r\na=accept-types:text/plain\r\n")

SERVER_ENVELOPE = ('<xccos xmlns:xsd="http://www.w3.org/2001/XMLSchema" '
                   'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ver="1" envid="%s" '
                   'xmlns="urn:parlano:xml:ns:xccos">%s</xccos>')
CLIENT_ENVELOPE = '<xccos xmlns="urn:parlano:xml:ns:xccos" ver="1" envid="%s">%s</xccos>'


def room_uri(number):
    return "ma-chan://contoso.example/5ac3d1f0-2b77-4e19-9c35-a40f%08x" % number


def room_id(number):
    return "5ac3d1f0-2b77-4e19-9c35-a40f%08x" % number


class Capture:
    """Packets of a classic pcap file, one TCP connection for each client."""

    def __init__(self):
        self.packets = [struct.pack("<IHHIIII", 0xa1b2c3d4, 2, 4, 0, 0, 262144, 1)]
        self.microseconds = 0
        self.server_envelope = 7962449779256945056

    def wait(self, seconds):
        self.microseconds += int(seconds * 1000000)

    def clock(self):
        seconds = self.microseconds // 1000000
        return "2013-05-14T%02d:%02d:%02d" % (8 + seconds // 3600, seconds // 60 % 60, seconds % 60)

    def packet(self, number, upward, sequence, acknowledged, flags, payload):
        """Returns nothing; the record is as many as there are packets."""
        client, server = bytes([10, 0, number >> 8, number & 255]), bytes([192, 0, 2, 5])
        source, target = (client, server) if upward else (server, client)
        ports = (50000, 5061) if upward else (5061, 50000)
        tcp = struct.pack(">HHIIBBHHH", *ports, sequence & 0xffffffff, acknowledged & 0xffffffff,
                          0x50, flags, 65535, 0, 0)
        size = 20 + len(tcp) + len(payload)
        ip = struct.pack(">BBHHHBBH", 0x45, 0, size, 0, 0x4000, 64, 6, 0) + source + target
        frame = b"\2\0\0\0\0\1\2\0\0\0\0\2\x08\0" + ip + tcp + payload
        self.microseconds += 20
        self.packets.append(struct.pack("<IIII", START + self.microseconds // 1000000,
                                        self.microseconds % 1000000, len(frame), len(frame)))
        self.packets[-1] += frame

    def write(self, path):
        with open(path, "wb") as file:
            file.writelines(self.packets)


class Client:
    """One endpoint in one dialog with the chat service. Texts may be str or bytes."""

    def __init__(self, capture, number):
        self.capture = capture
        self.number = number
        self.user = "u%05d@contoso.example" % number
        self.call_id = "chat-%05d" % number
        self.sequences = [1000, 1000]
        self.cseqs = [0, 0]
        self.envelope = 71200
        capture.packet(number, True, self.sequences[1], 0, 2, b"")
        self.sequences[1] += 1
        capture.packet(number, False, self.sequences[0], self.sequences[1], 18, b"")
        self.sequences[0] += 1
        self.invite()

    def send(self, upward, data):
        for at in range(0, len(data), SEGMENT):
            part = data[at:at + SEGMENT]
            self.capture.packet(self.number, upward, self.sequences[upward],
                                self.sequences[not upward], 24, part)
            self.sequences[upward] += len(part)

    def head(self, start, method, upward, cseq, kind=None, tagged=True, more=""):
        user = "<sip:%s>;tag=user%d;epid=%08x" % (self.user, self.number, self.number)
        service = "<sip:%s>%s" % (SERVICE, ";tag=service%d" % self.number if tagged else "")
        hosts = "192.0.2.5:5061", "10.0.%d.%d:50000" % (self.number >> 8, self.number & 255)
        text = "%s\r\nVia: SIP/2.0/TLS %s;branch=z9hG4bK%d.%d.%d\r\nMax-Forwards: 70\r\n" % (
            start, hosts[upward], self.number, upward, cseq)
        text += "From: %s\r\nTo: %s\r\n" % ((user, service) if upward else (service, user))
        text += "Call-ID: %s\r\nCSeq: %d %s\r\n%s" % (self.call_id, cseq, method, more)
        return text + ("Content-Type: %s\r\n" % kind if kind else "")

    def say(self, upward, head, body=b""):
        body = body if isinstance(body, bytes) else body.encode()
        self.send(upward, ("%sContent-Length: %d\r\n\r\n" % (head, len(body))).encode() + body)

    def answer(self, upward, method, cseq, status="200 OK", **more):
        """The answer to a request that went `upward`."""
        self.say(not upward, self.head("SIP/2.0 " + status, method, upward, cseq, **more))

    def invite(self):
        self.cseqs[1] += 1
        start = "INVITE sip:%s SIP/2.0" % SERVICE
        contact = "Contact: <sip:%s;opaque=user:epid:e%d;gruu>\r\n" % (self.user, self.number)
        self.say(True, self.head(start, "INVITE", True, 1, "application/sdp", False, contact), SDP)
        contact = "Contact: <sip:%s;gruu;opaque=srvr:x>\r\n" % SERVICE
        self.say(False, self.head("SIP/2.0 200 OK", "INVITE", True, 1, "application/sdp",
                                  more=contact), SDP)
        self.say(True, self.head("ACK sip:%s SIP/2.0" % SERVICE, "ACK", True, 1))

    def info(self, upward, body, status="200 OK", kind="text/plain"):
        """One INFO and its answer; returns its CSeq."""
        self.cseqs[upward] += 1
        cseq = self.cseqs[upward]
        target = SERVICE if upward else self.user
        head = self.head("INFO sip:%s SIP/2.0" % target, "INFO", upward, cseq, kind)
        self.say(upward, head, body)
        self.answer(upward, "INFO", cseq, status)
        return cseq

    def command(self, name, data="", reply=None, reply_name=None):
        """A command and, unless `reply` is None, its reply."""
        self.envelope += 1
        self.info(True, CLIENT_ENVELOPE % (
            self.envelope, '<cmd id="cmd:%s" seqid="1"><data>%s</data></cmd>' % (name, data)))
        if reply is not None:
            self.reply(reply_name or name, self.envelope, reply)

    def reply(self, name, envelope, data):
        self.told('<rpl id="rpl:%s" seqid="1"><commandid seqid="1" envid="%s"/>'
                  '<resp code="200">SUCCESS_OK</resp><data>%s</data></rpl>' % (name, envelope, data))

    def told(self, content):
        """An envelope of the service."""
        self.capture.server_envelope += 1
        return self.info(False, SERVER_ENVELOPE % (self.capture.server_envelope, content))

    def join(self, *numbers):
        asked = "".join('<chanid key="%d" domain="contoso.example" value="%s"/>' % (key, room_id(n))
                        for key, n in enumerate(numbers))
        rooms = "".join('<chanib uri="%s" name="Room %d"><aib key="3984" value="0"/></chanib>' % (
            room_uri(n), n) for n in numbers)
        self.command("bjoin", asked, '<uib id="0" uri="sip:%s"/>%s' % (self.user, rooms))

    def grpchat(self, number, text, author=None):
        return ('<grpchat id="grpchat" seqid="1" chanUri="%s" author="sip:%s" ts="%sZ">'
                '<chat>%s</chat></grpchat>' % (room_uri(number), author or self.user,
                                               self.capture.clock(), text))

    def post(self, number, text, others=()):
        """A post, and its copies to the author and the others."""
        self.envelope += 1
        said = self.grpchat(number, text)
        self.info(True, CLIENT_ENVELOPE % (self.envelope, said))
        for client in (self, *others):
            client.told(said)
