#!/usr/bin/env python3
"""Every way in which a connection goes wrong, produced for real, and what is said of it.

    check_connect.py ASK TDS-SERVER

ASK (tests/live/ask.c) connects as ocsight does and runs one statement. The server is the one of
tests/tds/; what it cannot do (a browser service on the fixed port, a host that answers nonsense)
is done here, on loopback addresses of this process's own.
"""
import os
import pty
import re
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

from kerberos_realm import Realm
from sampling import Failures
from tds_peer import PASSWORD, Peer, USER, make_certificate

USERS = "SELECT r.[UserAtHost] FROM [rtc].[dbo].[Resource] r ORDER BY r.[ResourceId]"
SQL = ["--login", USER]
PLAIN = SQL + ["--allow-plaintext-login"]
SETTINGS = ["SET TEXTSIZE 2147483647", "SET TRANSACTION ISOLATION LEVEL READ UNCOMMITTED",
            "SET LOCK_TIMEOUT 2000", "SET DEADLOCK_PRIORITY LOW", "SET NOCOUNT ON"]
WRONG_USAGE, DATABASE, INTERRUPTED = 2, 5, 130


class Ask:
    """One run of the program: its status, its outputs, how long it took."""

    def __init__(self, program, statement, *arguments, environment=None, stop=None, rounds=1,
                 password=PASSWORD, interrupt=None):
        variables = {name: value for name, value in os.environ.items()
                     if not name.startswith(("TDS", "FREETDS", "OCSIGHT"))}
        if password is not None:
            variables["OCSIGHT_PASSWORD"] = password
        variables.update(environment or {}, ASK_ROUNDS=str(rounds))
        if stop:
            variables["ASK_STOP"] = str(stop)
        begin = time.monotonic()
        process = subprocess.Popen([program, statement, *map(str, arguments)], env=variables,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   stdin=subprocess.DEVNULL, start_new_session=True)
        if interrupt:
            interrupt(process)
        out, err = process.communicate(timeout=60)
        self.took = time.monotonic() - begin
        self.status = process.returncode
        self.out = out.decode("utf-8", "replace")
        self.err = err.decode("utf-8", "replace")
        self.rows = [line for line in self.out.splitlines() if not line.startswith("-- ")]
        self.ends = re.findall(r"^-- \S+ rows (\d+) fault (\d+)", self.out, re.M)


class Check:
    def __init__(self, program, server, work):
        self.program = program
        self.server = server
        self.work = work
        self.failures = Failures()

    def ask(self, statement, *arguments, **options):
        return Ask(self.program, statement, *arguments, **options)

    def refused(self, what, done, words, status=DATABASE, lines=1):
        """One line that holds the words, no row, the status."""
        self.failures.where = what
        self.failures.same("status", status, done.status)
        self.failures.same("rows", [], done.rows)
        said = done.err.splitlines()
        if len(said) != lines or not all(line.startswith("ocsight: ") for line in said):
            self.failures.add(f"not {lines} line(s): {done.err!r}")
        for word in words:
            if word not in done.err:
                self.failures.add(f"{word!r} is not in {done.err!r}")
        if PASSWORD in done.err + done.out:
            self.failures.add("the password is in the output")
        self.failures.where = ""

    def fine(self, what, done, rows=6, words=()):
        self.failures.where = what
        self.failures.same("status", 0, done.status)
        self.failures.same("standard error", "", done.err)
        self.failures.same("rows", rows, len(done.rows))
        for word in words:
            if word not in done.out:
                self.failures.add(f"{word!r} is not in {done.out!r}")
        self.failures.where = ""

    def true(self, what, holds):
        if not holds:
            self.failures.add(what)


# ---- hosts that are no SQL Server -------------------------------------------------------------

class Host(threading.Thread):
    """Listens and does to each connection what `serve` does."""

    def __init__(self, serve, address="127.0.0.1", port=0, backlog=16):
        super().__init__(daemon=True)
        self.serve = serve
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind((address, port))
        self.socket.listen(backlog)
        self.name = f"{address}:{self.socket.getsockname()[1]}"
        self.start()

    def run(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            try:
                self.serve(connection)
            except OSError:
                pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()


def serve_http(connection):
    connection.recv(100)
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    connection.close()


def serve_nothing(connection):
    time.sleep(4)
    connection.close()


def serve_half_prelogin(connection):
    connection.recv(100)
    connection.sendall(b"\x04\x01\x00\x1a\x00\x00\x01\x00\x00\x00\x0b")
    time.sleep(4)
    connection.close()


def serve_bad_tls(connection):
    """Offers encryption and answers the handshake with an alert: handshake_failure."""
    connection.recv(100)
    connection.sendall(b"\x04\x01\x00\x1a\x00\x00\x01\x00\x00\x00\x0b\x00\x06\x01\x00\x11\x00\x01"
                       b"\xff\x0b\x00\x08\x34\x00\x00\x01")
    connection.recv(4096)
    connection.sendall(b"\x12\x01\x00\x0f\x00\x00\x01\x00\x15\x03\x03\x00\x02\x02\x28")
    time.sleep(0.3)
    connection.close()


def check_hosts(check):
    check.refused("unknown host", check.ask(USERS, "--server", "no-such-host.invalid"),
                  ["cannot be found (no such host)", "DNS"])
    check.refused("no host", check.ask(USERS, "--server", "a;b"), ["no name of a host"])
    check.refused("too long a host", check.ask(USERS, "--server", "a" * 300), ["no name of a host"])
    closed = socket.socket()
    closed.bind(("127.0.0.1", 0))
    port = closed.getsockname()[1]
    closed.close()
    check.refused("refused", check.ask(USERS, "--server", f"127.0.0.1:{port}"),
                  [f"nobody listens on TCP port {port} (tried 127.0.0.1)"])
    check.refused("refused by IPv6", check.ask(USERS, "--server", f"[::1]:{port}"),
                  [f"nobody listens on TCP port {port} (tried ::1)"])
    for what, serve, words in (
            ("HTTP", serve_http, ["is no SQL Server"]),
            ("closes", lambda connection: connection.close(), ["closed the connection at once"]),
            ("silent", serve_nothing, ["said nothing within 1 seconds"]),
            ("half an answer", serve_half_prelogin, ["said nothing within 1 seconds"])):
        with Host(serve) as host:
            done = check.ask(USERS, "--server", host.name, "--timeout", 1)
            check.refused(what, done, words)
            check.true(f"{what}: took {done.took:.1f} s", done.took < 3)
    with Host(serve_bad_tls) as host:
        check.refused("TLS refused", check.ask(USERS, *SQL, "--server", host.name),
                      ["the TLS handshake failed"])
    check_drop(check)


def check_drop(check):
    """A queue of connections that is full drops what comes, as a firewall does."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(0)
    port = listener.getsockname()[1]
    waiting = []
    for _ in range(4):
        client = socket.socket()
        client.setblocking(False)
        client.connect_ex(("127.0.0.1", port))
        waiting.append(client)
    time.sleep(0.1)
    done = check.ask(USERS, "--server", f"127.0.0.1:{port}", "--timeout", 1)
    check.refused("dropped", done, [f"no connection to TCP port {port} within 1 seconds"])
    check.true(f"dropped: took {done.took:.1f} s", done.took < 3)
    for client in waiting:
        client.close()
    listener.close()


# ---- the browser service ----------------------------------------------------------------------

def own_address(number):
    """A loopback address that no other run uses: the browser's port is a fixed one."""
    pid = os.getpid()
    return f"127.{100 + number}.{pid >> 8 & 0xFF}.{1 + pid % 250}"


class Browser(threading.Thread):
    """Answers on UDP 1434 with what `answer(request, number)` gives; None = not at all."""

    def __init__(self, address, answer):
        super().__init__(daemon=True)
        self.answer = answer
        self.asked = []
        self.over = False
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.settimeout(0.1)
        self.socket.bind((address, 1434))
        self.start()

    def run(self):
        while not self.over:
            try:
                request, sender = self.socket.recvfrom(2048)
            except TimeoutError:
                continue
            self.asked.append(request)
            reply = self.answer(request, len(self.asked))
            if reply is not None:
                self.socket.sendto(reply, sender)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.over = True
        self.join()
        self.socket.close()


def reply_of(*instances):
    """Each (name, port or None)."""
    text = b""
    for name, port in instances:
        text += (f"ServerName;FE01;InstanceName;{name};IsClustered;No;Version;11.0.2100.60;"
                 + (f"tcp;{port};" if port else "") + ";").encode()
    return b"\x05" + len(text).to_bytes(2, "little") + text


class Relay(Host):
    """Passes everything on to the server, from an address of its own."""

    def __init__(self, address, port):
        self.to = port
        super().__init__(self.pass_on, address)

    def pass_on(self, connection):
        threading.Thread(target=self.pump, args=(connection,), daemon=True).start()

    def pump(self, connection):
        other = socket.create_connection(("127.0.0.1", self.to))
        ends = {connection: other, other: connection}
        while True:
            for end in select.select(list(ends), [], [])[0]:
                data = end.recv(65536)
                if not data:
                    connection.close()
                    other.close()
                    return
                ends[end].sendall(data)


def check_browser(check):
    address = own_address(1)
    server = f"{address}\\RTCLOCAL"
    done = check.ask(USERS, "--server", server)
    check.refused("no browser", done, ["no SQL Server Browser on UDP 1434", address, "HOST:PORT"])
    rows = (
        ("silent", lambda request, number: None, ["did not answer", address, "UDP 1434"]),
        ("unknown instance", lambda request, number: reply_of(("RTC", 5), ("LYNCLOCAL", 6))
         if request == b"\x03" else None,
         ["no instance RTCLOCAL", "knows RTC, LYNCLOCAL"]),
        ("without TCP", lambda request, number: reply_of(("RTCLOCAL", None)),
         ["RTCLOCAL does not listen on TCP"]),
        ("nonsense", lambda request, number: b"\x05\xff\xffInstanceName;RTCLOCAL;tcp;1;;",
         ["did not answer"]),
        ("escapes", lambda request, number: reply_of(("A\x1b[2J", 5)) if request == b"\x03"
         else None, ["no instance RTCLOCAL; the SQL Server Browser knows none"]))
    for what, answer, words in rows:
        with Browser(address, answer) as browser:
            done = check.ask(USERS, "--server", server)
            check.refused(f"browser {what}", done, words)
            check.true(f"browser {what}: took {done.took:.1f} s", done.took < 5)
            check.failures.same(f"browser {what}: asked", b"\x04RTCLOCAL\0", browser.asked[0])
    with Peer(check.server) as peer, Relay(address, peer.port) as relay:
        port = int(relay.name.split(":")[1])
        for what, answer in (
                ("answers", lambda request, number: reply_of(("RTC", 5), ("rtclocal", port))),
                ("answers the second time", lambda request, number: reply_of(("RTCLOCAL", port))
                 if number > 1 else None),
                ("answers after nonsense", lambda request, number: reply_of(("RTCLOCAL", port))
                 if number > 1 else b"\x05\x05")):
            with Browser(address, answer):
                check.fine(f"browser {what}", check.ask(USERS, *PLAIN, "--server", server))


# ---- encryption -------------------------------------------------------------------------------

def check_plaintext(check):
    with Peer(check.server) as peer:
        at = ["--server", peer.name]
        check.refused("off", check.ask(USERS, *SQL, *at, "--encrypt", "off"),
                      ["would send the password readably", "--allow-plaintext-login"])
        check.failures.same("off: the server saw", [], peer.lines())
        check.refused("request", check.ask(USERS, *SQL, *at, "--encrypt", "request"),
                      ["offers no encryption", "--allow-plaintext-login"])
        check.refused("default", check.ask(USERS, *SQL, *at), ["offers no encryption"])
        check.refused("require", check.ask(USERS, *SQL, *at, "--encrypt", "require"),
                      ["offers no encryption, which --encrypt require asks for"])
        check.refused("require and allowed",
                      check.ask(USERS, *PLAIN, *at, "--encrypt", "require"),
                      ["offers no encryption, which --encrypt require asks for"])
        check.failures.same("logins that were tried", [], peer.lines("login"))
        for mode in ("off", "request"):
            check.fine(f"allowed, {mode}", check.ask(USERS, *PLAIN, *at, "--encrypt", mode),
                       words=["the password was sent without encryption"])
        check.failures.same("logins", ["none"] * 2, [row["tls"] for row in peer.lines("login")])


def check_certificates(check):
    folders = {name: os.path.join(check.work, name) for name in ("good", "old", "other", "own")}
    for folder in folders.values():
        os.mkdir(folder)
    ca, certificate, key = make_certificate(folders["good"])
    _, old, old_key = make_certificate(folders["old"], days=-1)
    _, other, other_key = make_certificate(folders["other"], name="fe01.contoso.example")
    _, own, own_key = make_certificate(folders["own"], own=True)
    with Peer(check.server, "--cert", certificate, "--key", key) as peer:
        at = ["--server", f"localhost:{peer.port}"]
        trust = ["--trust-server-certificate"]
        for mode in ("request", "require"):
            mode = ["--encrypt", mode]
            check.fine(f"authority {mode}", check.ask(USERS, *SQL, *at, *mode, "--ca-file", ca))
            check.refused(f"no authority {mode}", check.ask(USERS, *SQL, *at, *mode),
                          ["does not verify: its signer is not known", "--ca-file"])
            check.fine(f"trusted {mode}", check.ask(USERS, *SQL, *at, *mode, *trust),
                       words=["certificate not verified"])
        check.failures.same("encrypted", ["all"] * 4, [row["tls"] for row in peer.lines("login")])
        check.fine("by address", check.ask(USERS, *SQL, "--server", peer.name, "--ca-file", ca))
        for file, words in (("/no/such/file", "No such file"), ("/dev/null", "no certificate"),
                            (key, "no certificate")):
            check.refused(f"authorities in {file}",
                          check.ask(USERS, *SQL, *at, "--ca-file", file), [file, words])
    for what, files, words in (("expired", (old, old_key, folders["old"]), "it has expired"),
                               ("other name", (other, other_key, folders["other"]), "another name"),
                               ("own", (own, own_key, folders["good"]), "its signer is not known")):
        with Peer(check.server, "--cert", files[0], "--key", files[1]) as peer:
            authority = ["--ca-file", os.path.join(files[2], "ca.pem")]
            at = ["--server", f"localhost:{peer.port}"]
            check.refused(what, check.ask(USERS, *SQL, *at, *authority),
                          [f"does not verify: {words}" if what != "other name" else words])
            check.failures.same(f"{what}: logins", [], peer.lines("login"))
    check_one_after_another(check, ca, (certificate, key), (other, other_key))
    with Peer(check.server, "--cert", certificate, "--key", key, "--only-encryption") as peer:
        at = ["--server", f"localhost:{peer.port}"]
        check.refused("only encrypted", check.ask(USERS, *PLAIN, *at, "--encrypt", "off"),
                      ["takes encrypted connections only"])
        check.fine("only encrypted, requested", check.ask(USERS, *PLAIN, *at))


# ---- logins and passwords ---------------------------------------------------------------------

def check_one_after_another(check, authority, good, other):
    """What one login left behind in FreeTDS is not said of the next."""
    files = [("--cert", certificate, "--key", key) for certificate, key in (other, good, good)]
    with Peer(check.server, *files[0]) as unknown, Peer(check.server, *files[1]) as refusing, \
            Peer(check.server, *files[2]) as fine:
        refusing.fault("refuse-login")
        servers = []
        for peer in (unknown, refusing, fine, unknown, fine):
            servers += ["--server", f"localhost:{peer.port}"]
        done = check.ask(USERS, *SQL, "--ca-file", authority, *servers)
        said = done.err.splitlines()
        check.failures.same("one after another: lines", 3, len(said))
        for words, line in zip(("signer is not known", "18456", "signer is not known"), said):
            check.true(f"one after another: {words!r} is not in {line!r}", words in line)
        check.failures.same("one after another: rows", 12, len(done.rows))
        check.failures.same("one after another: status", DATABASE, done.status)


def check_logins(check):
    with Peer(check.server, "--domain", "CONTOSO") as peer:
        at = ["--server", peer.name, "--timeout", 2]
        check.refused("wrong password", check.ask(USERS, *PLAIN, *at, password="wrong"),
                      [f"Login failed for user '{USER}'", "18456", "check name and password"])
        check.fine("NTLM", check.ask(USERS, "--login", f"CONTOSO\\{USER}", *at))
        check.refused("NTLM, wrong password",
                      check.ask(USERS, "--login", f"CONTOSO\\{USER}", *at, password="wrong"),
                      ["Login failed", "needs a login on the server"])
        check.failures.same("ways", ["sql", "windows", "windows"],
                            [row["way"] for row in peer.lines("login")])
        check.failures.same("NTLM's names", [f"CONTOSO\\{USER}"],
                            [row["user"] for row in peer.lines("windows")])
        for what, arguments, options in (
                ("long password", PLAIN, {"password": "x" * 129}),
                ("long name", ["--login", "u" * 129, "--allow-plaintext-login"], {})):
            check.refused(what, check.ask(USERS, *arguments, *at, **options), ["at most 128 bytes"])
        for fault, words in (("refuse-login", ["18456"]),
                             ("silent-login", ["did not answer the login within 2 seconds"]),
                             ("garbage-login", ["closed the connection during the login"]),
                             ("silent-prelogin", ["said nothing within 2 seconds"]),
                             ("close", ["closed the connection at once"])):
            peer.fault(fault)
            check.refused(fault, check.ask(USERS, *PLAIN, *at), words)
            peer.clear()
    with Peer(check.server, "--windows-only") as peer:
        check.refused("Windows logins only", check.ask(USERS, *PLAIN, "--server", peer.name),
                      ["18456", "SQL logins need mixed mode"])


def check_kerberos(check):
    """Without --login. A realm of the tests' own; the service is named after the host."""
    folder = os.path.join(check.work, "realm")
    os.mkdir(folder)
    with Realm(folder, {USER: "secret1", "other": "secret2"}) as realm, \
            Peer(check.server, "--keytab", realm.keytab, env=realm.environment) as peer:
        def ask(host="localhost"):
            return check.ask(USERS, "--server", f"{host}:{peer.port}", password=None,
                             environment=realm.environment)

        check.refused("no ticket", ask(), ["the Kerberos login failed", "kinit"])
        realm.sign_in(USER, "secret1")
        check.refused("no such service", ask(),
                      ["the Kerberos login failed", f"MSSQLSvc/localhost:{peer.port}"])
        realm.add_service(f"MSSQLSvc/localhost:{peer.port}")
        check.fine("a ticket", ask())
        realm.sign_in("other", "secret2")
        check.refused("a ticket of somebody else", ask(),
                      ["18456", "the account of the ticket needs a login on the server"])
        check.failures.same("who", [f"{USER}@CONTOSO.EXAMPLE"],
                            [row["user"] for row in peer.lines("windows")])


def ask_on_terminal(check, at, typed):
    """Types the password at the prompt; returns what the terminal showed, and the status."""
    child, terminal = pty.fork()
    if child == 0:
        os.environ.pop("OCSIGHT_PASSWORD", None)
        os.execv(check.program, [check.program, USERS, *PLAIN, *at])
    shown = b""
    while True:
        try:
            data = os.read(terminal, 4096)
        except OSError:
            break
        if not data:
            break
        shown += data
        if typed and b"Password of " in shown:
            time.sleep(0.2)
            os.write(terminal, typed)
            typed = None
    _, status = os.waitpid(child, 0)
    os.close(terminal)
    return shown.decode("utf-8", "replace"), os.waitstatus_to_exitcode(status)


def check_passwords(check):
    file = os.path.join(check.work, "password")
    with Peer(check.server) as peer:
        at = ["--server", peer.name]
        with open(file, "w", encoding="utf-8") as out:
            out.write(PASSWORD + "\nnot this\n")
        for mode, fine in ((0o600, True), (0o400, True), (0o640, False), (0o604, False)):
            os.chmod(file, mode)
            done = check.ask(USERS, *PLAIN, *at, "--password-file", file, password=None)
            if fine:
                check.fine(f"password file {mode:o}", done)
            else:
                check.refused(f"password file {mode:o}", done, ["chmod 600", file])
        check.refused("no password", check.ask(USERS, *PLAIN, *at, password=None),
                      ["OCSIGHT_PASSWORD", "--password-file"])
        shown, status = ask_on_terminal(check, at, PASSWORD.encode() + b"\n")
        check.failures.same("prompt: status", 0, status)
        check.true("prompt: " + shown, f"Password of {USER}: " in shown
                   and PASSWORD not in shown and "ann@contoso.example" in shown)
        shown, status = ask_on_terminal(check, at, b"\x03")
        check.true(f"prompt, Ctrl-C: {status} {shown}", status in (DATABASE, INTERRUPTED)
                   and "ann@contoso.example" not in shown)
        done = check.ask(USERS, *PLAIN, *at, "--password", "x")
        check.failures.same("a password on the command line", WRONG_USAGE, done.status)


def check_environment(check):
    """What FreeTDS listens to outside changes nothing."""
    home = os.path.join(check.work, "home")
    os.mkdir(home)
    dump = os.path.join(check.work, "dump")
    conf = os.path.join(check.work, "freetds.conf")
    text = f"[global]\ntds version = 4.2\ndump file = {dump}\n[127.0.0.1]\nport = 1\n"
    for path in (conf, os.path.join(home, ".freetds.conf")):
        with open(path, "w", encoding="ascii") as out:
            out.write(text)
    outside = {"TDSVER": "4.2", "TDSPORT": "1", "TDSHOST": "192.0.2.1", "TDSDUMP": dump,
               "TDSDUMPCONFIG": dump, "TDSQUERY": "nobody", "DSQUERY": "nobody",
               "FREETDSCONF": conf, "FREETDS": home, "HOME": home}
    with Peer(check.server) as peer:
        check.fine("environment",
                   check.ask(USERS, *PLAIN, "--server", peer.name, environment=outside))
    check.true("FreeTDS wrote a dump", not os.path.exists(dump))


# ---- queries ----------------------------------------------------------------------------------

FAULTS = [
    # fault, rows before, fault of peer.h, words
    ("deadlock", 0, 7, ["1205", "tried twice"]),
    ("locked", 0, 7, ["1222", "tried twice"]),
    ("error=601", 0, 7, ["601", "tried twice"]),
    ("scan=2", 2, 7, ["601", "2 rows came before, which is not all"]),
    ("error=8115", 0, 9, ["8115"]),
    ("slow-query=8000", 0, 6, ["nothing came for 1 seconds", "--timeout"]),
    ("cut-row=3", None, 8, ["the connection broke"]),
    ("garbage=2", 2, 8, ["the connection broke", "2 rows came before"]),
]


def check_faults(check):
    for fault, rows, number, words in FAULTS:
        with Peer(check.server) as peer:
            peer.fault(f"{fault}@UserAtHost")
            done = check.ask(USERS, *PLAIN, "--server", peer.name, "--timeout", 1)
            check.failures.where = fault
            check.failures.same("status", DATABASE, done.status)
            check.failures.same("fault", str(number), done.ends[0][1])
            if rows is not None:
                check.failures.same("rows", rows, len(done.rows))
            check.true(f"rows {done.rows}", len(done.rows) < 6)
            check.true(f"one line: {done.err!r}", done.err.count("\n") == 1)
            for word in words:
                check.true(f"{word!r} is not in {done.err!r}", word in done.err)
            times = len([row for row in peer.statements() if "UserAtHost" in row["statement"]])
            check.failures.same("times asked", 2 if "tried twice" in words else 1, times)
            if fault.startswith("slow"):
                check.failures.same("attentions", 1, len(peer.lines("attention")))
            check.failures.where = ""


def check_recovery(check):
    """After a fault the connection is good for the next query, unless it is dead."""
    with Peer(check.server) as peer:
        at = [*PLAIN, "--server", peer.name, "--timeout", 1]
        peer.fault("deadlock*1@UserAtHost")
        check.fine("deadlock once", check.ask(USERS, *at))
        peer.clear()
        for fault, first in (("slow-query=8000*1", "0"), ("scan=2*1", "2"), ("error=8115*1", "0")):
            peer.fault(f"{fault}@UserAtHost")
            done = check.ask(USERS, *at, rounds=2)
            check.failures.same(f"after {fault}", [first, "6"], [end[0] for end in done.ends])
            check.failures.same(f"after {fault}: status", DATABASE, done.status)
            peer.clear()
        peer.fault("garbage=2*1@UserAtHost")
        done = check.ask(USERS, *at, rounds=2)
        check.failures.same("after garbage", [("2", "8"), ("0", "8")], done.ends)
        peer.clear()
        done = check.ask(USERS, *at, rounds=2, stop=2)
        check.fine("enough", done, rows=4)
        check.failures.same("enough", [("2", "1"), ("2", "1")], done.ends)
        done = check.ask(USERS, *at, "--max-rows", 4, rounds=2)
        check.fine("bounded", done, rows=8)
        check.failures.same("bounded", [("4", "2"), ("4", "2")], done.ends)
        done = check.ask(USERS, *at, "--max-rows", 6)
        check.failures.same("just enough", [("6", "0")], done.ends)


def check_interrupt(check):
    with Peer(check.server) as peer:
        peer.fault("slow-query=20000@UserAtHost")
        at = [*PLAIN, "--server", peer.name]

        def interrupt(process):
            for _ in range(100):
                if any("UserAtHost" in row["statement"] for row in peer.statements()):
                    break
                time.sleep(0.05)
            process.send_signal(signal.SIGINT)

        done = check.ask(USERS, *at, interrupt=interrupt)
        check.failures.same("interrupted: status", INTERRUPTED, done.status)
        check.failures.same("interrupted: fault", [("0", "3")], done.ends)
        check.failures.same("interrupted: attentions", 1, len(peer.lines("attention")))
        check.true(f"interrupted: took {done.took:.1f} s", done.took < 5)
        peer.clear()
        peer.fault("slow-row=300@UserAtHost")

        def interrupt_later(process):
            interrupt_at = time.monotonic() + 1.0
            while time.monotonic() < interrupt_at:
                time.sleep(0.05)
            process.send_signal(signal.SIGINT)

        done = check.ask(USERS, *at, interrupt=interrupt_later)
        check.failures.same("interrupted between rows", INTERRUPTED, done.status)
        check.true(f"interrupted between rows: {done.out}", len(done.rows) < 6)


def check_tables(check):
    other = "SELECT x.[Nothing] FROM [rtc].[dbo].[Resource] x"
    with Peer(check.server, "--deny", "rtcdyn.Endpoint", "--without", "rtc.Contact") as peer:
        at = [*PLAIN, "--server", peer.name]
        for what, statement, number, words in (
                ("denied", "SELECT e.[EndpointId] FROM [rtcdyn].[dbo].[Endpoint] e", "5",
                 ["'Endpoint'", "229", "GRANT SELECT"]),
                ("no table", "SELECT c.[OwnerId] FROM [rtc].[dbo].[Contact] c", "4",
                 ["rtc.dbo.Contact", "208"]),
                ("no column", other, "4", ["'Nothing'", "207"])):
            done = check.ask(statement, *at)
            check.refused(what, done, words)
            check.failures.same(what, [("0", number)], done.ends)
        done = check.ask("probe", *at)
        check.true(f"probe: {done.out}", re.search(r"fault 0 columns [1-9]", done.out))


def check_values(check):
    with Peer(check.server, "--large-row", 10000000) as peer:
        at = [*PLAIN, "--server", peer.name]
        statement = "SELECT r.[UserAtHost] FROM [rtc].[dbo].[Resource] r WHERE r.[UserAtHost] = @user"
        check.fine("parameter", check.ask(statement, "@user=ann@contoso.example", *at), rows=1)
        for text in ("x' OR 1=1--", "' UNION SELECT name FROM sys.tables--", "ann@contoso.example';",
                     "%", "@user", "", "'", "ann@contoso.example\u2019"):
            check.fine(f"injection {text!r}", check.ask(statement, f"@user={text}", *at), rows=0)
        for row in peer.lines("rpc"):
            check.failures.same("statement", statement, row["statement"].strip())
        typed = ("SELECT @text AS a, @whole AS b, @time AS c, CAST(NULL AS int) AS d")
        done = check.ask(typed, "@text=Zo\u00eb \u2603 \U0001f600", "@whole#-9007199254740993",
                         "@time@1433149200123000000", *at)
        check.fine("values", done, rows=1,
                   words=["a='Zo\u00eb \u2603 \U0001f600'\tb=-9007199254740993\tc=", "d=NULL"])
        sent = {value["name"]: value for value in peer.lines("rpc")[-1]["parameters"]}
        check.failures.same("types", ["nvarchar", "bigint", "datetime"],
                            [sent[name]["type"] for name in ("@text", "@whole", "@time")])
        check.failures.same("time", "2015-06-01 09:00:00.123", sent["@time"]["value"])
        done = check.ask("SELECT p.[Data], p.[LastPubTime], p.[EndpointId] "
                         "FROM [rtcdyn].[dbo].[PublishedInstance] p", *at)
        check.true("10 MB in one row", re.search(r"\[100\d{5}\]", done.out))
        check.true("a time", "LastPubTime=@1433147400000000000" in done.out)
        check.true("a GUID", "EndpointId='00000000-0000-5000-8000-000000000001'" in done.out)
        for what, more in (("statement", ("SELECT 1 AS a" + " " * 4000 + "WHERE 1=1",)),
                           ("value", (statement, "@user=" + "x" * 4001))):
            check.refused(f"long {what}", check.ask(*more, *at), ["over 4000 bytes"])


def check_several(check):
    with Peer(check.server) as first, Peer(check.server) as second:
        closed = "127.0.0.1:1"
        done = check.ask(USERS, *PLAIN, "--server", first.name, "--server", closed, "--server",
                         second.name, rounds=2)
        check.failures.same("several: status", DATABASE, done.status)
        check.failures.same("several: rows", 24, len(done.rows))
        check.true("several: " + done.err, f"ocsight: {closed}: nobody listens" in done.err
                   and done.err.count("\n") == 1)
        check.true("several: " + done.out, f"-- remark {closed}: not reached" in done.out)
        for peer in (first, second):
            batches = [row["statement"].strip() for row in peer.lines("batch")]
            check.failures.same("settings", SETTINGS, batches)
            check.failures.same("violations", [], peer.violations())


def main():
    program, server = sys.argv[1:]
    with tempfile.TemporaryDirectory() as work:
        check = Check(program, server, work)
        for part in (check_hosts, check_browser, check_plaintext, check_certificates, check_logins,
                     check_kerberos, check_passwords, check_environment, check_faults,
                     check_recovery, check_interrupt, check_tables, check_values, check_several):
            part(check)
        return check.failures.finish("every fault of a connection is told apart")


if __name__ == "__main__":
    sys.exit(main())
