"""Conversations for the vectors: what a user's clients and the server say, as .talk text.

One talk holds many vectors, each about a user of its own; see check_vectors.py.
"""
from xml.sax.saxutils import quoteattr

HEAD = """title  test vectors
start  2013-05-14T08:00:00Z
party  client  192.0.2.21:51244
party  fe01    192.0.2.5:5061
link   client -> fe01 tls
let    ns      xmlns="http://schemas.microsoft.com/2006/09/sip/state" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
let    cats    xmlns="http://schemas.microsoft.com/2006/09/sip/categories"
"""

# Where each token is shown (the fact sheet's part 2.5): from, to; None = no end.
RANGES = {"on-the-phone": (6500, 8999), "in-a-conference": (7000, 8999),
          "in-presentation": (9000, 11999), "in-a-meeting": (6500, 8999),
          "urgent-interruptions-only": (6900, 8999), "out-of-office": (12000, None)}

# Instance, xsi:type and expireType of what a step publishes (part 2.4).
KINDS = {"user": (0x20000000, "userState", "static"), "timed": (0x24000000, "userState", "time"),
         "machine": (0x30000001, "machineState", "endpoint"),
         "machine-2": (0x30000002, "machineState", "endpoint"),
         "phone": (0x80000001, "phoneState", "endpoint"),
         "meeting": (0x40000001, "calendarState", "endpoint"),
         "oof": (0x60000001, "calendarState", "static")}


def state(kind, number, token=None):
    """One state element; `number` None = without availability."""
    manual = ' manual="true"' if kind == "userState" else ""
    children = "" if number is None else f"<availability>{number}</availability>"
    if token is not None:
        low, high = RANGES[token]
        top = "" if high is None else f' maxAvailability="{high}"'
        children += f'<activity token="{token}" minAvailability="{low}"{top}/>'
    return f'<state {{ns}}{manual} xsi:type="{kind}">{children}</state>'


class Talk:
    """Text of a .talk file; every exchange is half a second long."""

    def __init__(self):
        self.lines = [HEAD]
        self.exchanges = 0

    def exchange(self, start, headers, body, status, answer_headers=(), answer=""):
        """A request and its final response, each with what the vector wants to say."""
        self.exchanges += 1
        self.lines.append(f"+0.5 client -> fe01\n{start} SIP/2.0\n"
                          f"Via: SIP/2.0/TLS 192.0.2.21:51244;branch=z9hG4bKv{self.exchanges}\n"
                          "Max-Forwards: 70\n" + "\n".join(headers) +
                          f"\nCall-ID: vector-{self.exchanges}\n"
                          "Content-Length: *\n\n" + body + ("\n" if body else "") + "---")
        self.lines.append(f"+0.5 fe01 -> client {status} with\n" +
                          "".join(header + "\n" for header in answer_headers) +
                          ("\n" + answer + "\n" if answer else "") + "---")

    def pause(self, seconds):
        """Time passes: a request that says nothing about anybody ends it."""
        self.lines.append(f"+{seconds} client -> fe01\nOPTIONS sip:fe01.contoso.example SIP/2.0\n"
                          f"Via: SIP/2.0/TLS 192.0.2.21:51244;branch=z9hG4bKp{len(self.lines)}\n"
                          f"From: <sip:client.contoso.example>;tag=p{len(self.lines)}\n"
                          "To: <sip:fe01.contoso.example>\n"
                          f"Call-ID: pause-{len(self.lines)}\nCSeq: 1 OPTIONS\n"
                          "Content-Length: 0\n\n---\n+0.5 fe01 -> client 200 OK")

    def text(self):
        return "\n".join(self.lines) + "\n"


class User:
    """A user of one vector, with an endpoint, or with a second one for machine-2."""

    def __init__(self, talk, name):
        self.talk = talk
        self.name = name
        self.uri = f"sip:{name}@contoso.example"
        self.versions = {}
        self.epids = []

    def parties(self, epid, method):
        return [f"From: <{self.uri}>;tag=t{self.talk.exchanges};epid={epid}", f"To: <{self.uri}>",
                f"CSeq: 1 {method}"]

    def register(self, epid, expires=8640000):
        contact = (f'Contact: <sip:192.0.2.21:51244;transport=tls;ms-opaque={epid}>;proxy=replace;'
                   f'+sip.instance="<urn:uuid:00000000-0000-5111-8222-{epid:0>12}>"')
        headers = self.parties(epid, "REGISTER") + [contact, f"Expires: {expires}",
                                                   "Event: registration"]
        self.talk.exchange("REGISTER sip:contoso.example", headers, "", "200 OK",
                           [contact + f";expires={expires}", f"Expires: {expires}"])

    def endpoint(self, number):
        """The epid of the user's endpoint of that number, registered at its first use."""
        while len(self.epids) <= number:
            self.epids.append(f"{self.name.encode().hex()[:8]}{len(self.epids):02d}")
            self.register(self.epids[-1])
        return self.epids[number]

    def leave(self):
        for epid in self.epids:
            self.register(epid, 0)

    def publish(self, kind, number, token=None, expires=None):
        """One state in containers 2 and 3, accepted by the server with a version more."""
        instance, name, expire_type = KINDS[kind]
        epid = self.endpoint(1 if kind == "machine-2" else 0)
        version = self.versions.get(instance, 0)
        self.versions[instance] = version + 1
        lifetime = f' expires="{expires}"' if expires else ""
        values = {2: state(name, number, token), 3: state(name, number, token)}
        if name == "userState" and number is not None and 9000 <= number < 12000:
            values[3] = state(name, 6900, "urgent-interruptions-only")
        asked = "".join(f'<publication categoryName="state" instance="{instance}" container="{box}" '
                        f'version="{version}" expireType="{expire_type}"{lifetime}>{value}'
                        '</publication>' for box, value in values.items())
        told = "".join(f'<category name="state" instance="{instance}" publishTime="{{clock.ms}}" '
                       f'container="{box}" version="{version + 1}" expireType="{expire_type}"'
                       f'{lifetime}>{value}</category>' for box, value in values.items())
        self.talk.exchange(
            f"SERVICE {self.uri}",
            self.parties(epid, "SERVICE") + ["Content-Type: application/msrtc-category-publish+xml"],
            '<publish xmlns="http://schemas.microsoft.com/2006/09/sip/rich-presence"><publications '
            f'uri="{self.uri}">{asked}</publications></publish>', "200 OK",
            ["Content-Type: application/vnd-microsoft-roaming-self+xml"],
            '<roamingData xmlns="http://schemas.microsoft.com/2006/09/sip/roaming-self">'
            f'<categories {{cats}} uri="{self.uri}">{told}</categories></roamingData>')

    def aggregate(self, number):
        """The server's word in the owner's own document."""
        epid = self.endpoint(0)
        self.talk.exchange(
            f"SUBSCRIBE {self.uri}",
            self.parties(epid, "SUBSCRIBE") + [
                "Event: vnd-microsoft-roaming-self", "Supported: ms-piggyback-first-notify",
                "Content-Type: application/vnd-microsoft-roaming-self+xml"],
            '<roamingList xmlns="http://schemas.microsoft.com/2006/09/sip/roaming-self">'
            '<roaming type="categories"/></roamingList>', "200 OK",
            ["Expires: 864000", "Event: vnd-microsoft-roaming-self",
             "subscription-state: active;expires=864000", "ms-piggyback-cseq: 1",
             "Content-Type: application/vnd-microsoft-roaming-self+xml"],
            '<roamingData xmlns="http://schemas.microsoft.com/2006/09/sip/roaming-self">'
            f'<categories {{cats}} uri="{self.uri}"><category name="state" instance="1" '
            'publishTime="{clock.ms}" container="2" version="1" expireType="user">'
            f'{state("aggregateState", number)}</category></categories></roamingData>')

    def notified(self, number):
        """What a watcher, and nobody else, is told of the user."""
        self.query(
            "application/msrtc-event-categories+xml",
            f'<categories {{cats}} uri="{self.uri}"><category name="state" instance="1" '
            f'publishTime="{{clock.ms}}">{state("aggregateState", number)}</category></categories>')

    def query(self, content_type, answer):
        """A watcher's query and its answer."""
        self.talk.exchange(
            f"SUBSCRIBE {self.uri}",
            [f"From: <sip:watcher@contoso.example>;tag=t{self.talk.exchanges};epid=77aa00bb11",
             f"To: <{self.uri}>", "CSeq: 1 SUBSCRIBE", "Event: presence", "Expires: 0",
             f"Accept: {content_type}", "Supported: ms-piggyback-first-notify"], "", "200 OK",
            ["Expires: 0", "Event: presence", "subscription-state: terminated;expires=0",
             "ms-piggyback-cseq: 1", f"Content-Type: {content_type}"], answer)

    def legacy(self, availability, activity, chosen, published):
        """An LCS 2005 client's setPresence, or what a watcher of it is told."""
        user_info = "" if chosen is None else (
            '<userInfo xmlns="http://schemas.microsoft.com/2002/09/sip/presence"><states><state '
            f'avail="{chosen}" since="2008-03-03T09:00:00Z" validWith="any-device" set="manual" '
            'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="userState"/></states>'
            '</userInfo>')
        if published:
            self.talk.exchange(
                f"SERVICE {self.uri}",
                self.parties("4c77e60000", "SERVICE") + ["Content-Type: application/SOAP+xml"],
                '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" '
                'xmlns:m="http://schemas.microsoft.com/winrtc/2002/11/sip"><s:Body><m:setPresence>'
                f'<m:presentity m:uri="{self.uri}"><m:availability m:aggregate="{availability}"/>'
                f'<m:activity m:aggregate="{activity}"/>{user_info}</m:presentity></m:setPresence>'
                '</s:Body></s:Envelope>', "200 OK")
        else:
            self.query(
                "text/xml+msrtc.pidf", '<?xml version="1.0" encoding="utf-16"?>\n'
                f'<presentity uri="{self.uri[4:]}"><availability aggregate="{availability}" '
                f'description=""/><activity aggregate="{activity}" description=""/>{user_info}'
                '</presentity>')

    def pidf(self, basic, token, old):
        """A gateway's document, in the gateways' spelling or in that of RFC 4480."""
        if old:
            activities = "" if token is None else (
                f"<ep:activities><ep:activity>{token}</ep:activity></ep:activities>")
            document = ('<presence xmlns="urn:ietf:params:xml:ns:pidf" '
                        'xmlns:ep="urn:ietf:params:xml:ns:pidf:status:rpid-status" '
                        f'entity={quoteattr(self.uri)}><tuple id="0"><status><basic>{basic}</basic>'
                        f'{activities}</status></tuple></presence>')
        else:
            person = "" if token is None else (
                f'<dm:person id="p1"><rpid:activities><rpid:{token}/></rpid:activities></dm:person>')
            document = ('<presence xmlns="urn:ietf:params:xml:ns:pidf" '
                        'xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model" '
                        'xmlns:rpid="urn:ietf:params:xml:ns:pidf:rpid" '
                        f'entity={quoteattr(self.uri)}><tuple id="t1"><status><basic>{basic}'
                        f'</basic></status></tuple>{person}</presence>')
        headers = [f"From: <{self.uri}>;tag=t{self.talk.exchanges}", f"To: <{self.uri}>",
                   "CSeq: 1 PUBLISH", "Event: presence", "Expires: 8640000",
                   "Content-Type: application/pidf+xml"]
        self.talk.exchange(f"PUBLISH {self.uri}", headers,
                           '<?xml version="1.0" encoding="utf-8"?>\n' + document, "200 OK",
                           ["Expires: 8640000", f"SIP-ETag: {self.name}-1"])
