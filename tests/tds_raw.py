"""The least of a TDS client: what no well-behaved library sends can be sent with it.

Standard library only. Replies are not decoded but for their tokens' beginnings.
"""
import socket
import struct

BATCH, RPC, REPLY, ATTENTION, LOGIN7, PRELOGIN = 1, 3, 4, 6, 16, 18
HEADERS = struct.pack("<IIHQI", 22, 18, 2, 0, 1)
DONE_ATTENTION = b"\xfd\x20\x00"


def utf16(text):
    return text.encode("utf-16-le")


def packet(kind, body, last=True, length=None):
    return struct.pack(">BBHHBB", kind, last, length or len(body) + 8, 0, 1, 0) + body


def login7(user, password, database=""):
    hidden = bytes(((byte << 4 | byte >> 4) & 0xFF) ^ 0xA5 for byte in utf16(password))
    texts = [utf16("raw"), utf16(user), hidden, utf16("raw"), b"", b"", b"", b"", utf16(database)]
    places, data = b"", b""
    for text in texts:
        places += struct.pack("<HH", 94 + len(data), len(text) // 2)
        data += text
    places += b"\0" * 6 + struct.pack("<HHHHHHI", 94, 0, 94, 0, 94, 0, 0)
    fixed = struct.pack("<IIIIIBBBBiI", 0x74000004, 4096, 7, 1, 0, 0, 0, 0, 0, 0, 0)
    return struct.pack("<I", 94 + len(data)) + fixed + places + data


def nvarchar(name, text):
    """An RPC parameter."""
    return (bytes([len(name)]) + utf16(name) + b"\0\xe7" + struct.pack("<H", 8000) + b"\0" * 5
            + struct.pack("<H", len(utf16(text))) + utf16(text))


def varchar(name, text):
    return (bytes([len(name)]) + utf16(name) + b"\0\xa7" + struct.pack("<H", 8000) + b"\0" * 5
            + struct.pack("<H", len(text)) + text.encode("ascii"))


def execute_sql(*parameters):
    return HEADERS + struct.pack("<HHH", 0xFFFF, 10, 0) + b"".join(parameters)


class Raw:
    def __init__(self, peer, timeout=10):
        self.socket = socket.create_connection(("127.0.0.1", peer.port), timeout)

    def send(self, data):
        self.socket.sendall(data)

    def bytes(self, size):
        data = b""
        while len(data) < size:
            part = self.socket.recv(size - len(data))
            if not part:
                raise EOFError
            data += part
        return data

    def reply(self):
        """A whole message without its headers; b"" once the server has closed."""
        body = b""
        try:
            while True:
                _, status, size = struct.unpack(">BBH", self.bytes(8)[:4])
                body += self.bytes(size - 8)
                if status & 1:
                    return body
        except (EOFError, ConnectionError):
            return b""

    def prelogin(self, encryption=2):
        self.send(packet(PRELOGIN, bytes([0, 0, 11, 0, 6, 1, 0, 17, 0, 1, 255]) + bytes(6)
                         + bytes([encryption])))
        return self.reply()

    def login(self, peer, database=""):
        self.prelogin()
        self.send(packet(LOGIN7, login7(peer.user, peer.password, database)))
        return self.reply()

    def batch(self, text):
        self.send(packet(BATCH, HEADERS + utf16(text)))

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
