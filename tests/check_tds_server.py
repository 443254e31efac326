#!/usr/bin/env python3
"""The SQL Server of the tests against clients that are not ours: tsql, bsqldb and pytds.

    check_tds_server.py TDS-SERVER

What these show as rows is what lies in tests/tds/data; and what no client should do is refused.
"""
import datetime
import os
import socket
import struct
import subprocess
import sys
import tempfile
import time
import uuid

try:
    import pytds
except ImportError:  # Debian's package belongs to Debian's interpreter
    if sys.executable == "/usr/bin/python3":
        raise
    os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])

import tds_raw
from kerberos_realm import Realm
from sampling import Failures
from tds_peer import FRONT_END_2, USER, Peer, make_certificate

STATE = ('<state xsi:type="aggregateState" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
         'xmlns="http://schemas.microsoft.com/2006/09/sip/state"><availability>%d</availability>'
         '</state>')

NOTE = (b'<note xmlns="http://schemas.microsoft.com/2006/09/sip/note"><body type="personal">%s'
        b'</body></note>')


class Check:
    """The server's path, where failures go, and a certificate."""

    def __init__(self, server, folder):
        self.server = server
        self.folder = folder
        self.failures = Failures()
        self.same = self.failures.same
        self.ca, self.certificate, self.key = make_certificate(folder)

    def peer(self, *options, tls=False, **more):
        cover = ("--cert", self.certificate, "--key", self.key) if tls else ()
        return Peer(self.server, *cover, *options, **more)


def connect(peer, database="rtcdyn", **options):
    options.setdefault("password", peer.password)
    options.setdefault("timeout", 60)
    options.setdefault("login_timeout", 60)
    return pytds.connect("localhost", port=peer.port, user=peer.user, database=database,
                         autocommit=True, disable_connect_retry=True, **options)


def rows(peer, text, *parameters, **options):
    with connect(peer, **options) as connection, connection.cursor() as cursor:
        cursor.execute(text, parameters)
        return cursor.fetchall()


def error(peer, text, *parameters, **options):
    """The number of the error that a statement gives; None = none, "dead" = no answer."""
    try:
        rows(peer, text, *parameters, **options)
    except (pytds.ClosedConnectionError, ConnectionError, TimeoutError):
        return "dead"
    except pytds.Error as problem:
        return getattr(problem, "number", None) or "dead"
    return None


# ---- clients ----

def tsql(check, peer, text, user=None, password=None, encryption="request"):
    conf = os.path.join(check.folder, "freetds.conf")
    with open(conf, "w", encoding="ascii") as file:
        file.write(f"[peer]\nhost = localhost\nport = {peer.port}\nencryption = {encryption}\n"
                   f"ca file = {check.ca}\n")
    done = subprocess.run(
        ["tsql", "-S", "peer", "-U", user or peer.user, "-P", password or peer.password, "-o", "qhf",
         "-t", "|"], input=f"{text}\nGO\nEXIT\n", text=True, capture_output=True, timeout=60,
        env={**os.environ, "FREETDSCONF": conf}, check=False)
    return [tuple(line.split("|")) for line in done.stdout.splitlines()]


def check_tsql(check):
    with check.peer() as peer:
        check.same("tsql", [("bob@contoso.example", "2"), ("zoe@contoso.example", "6")],
                   tsql(check, peer, "SELECT r.UserAtHost, r.ResourceId FROM rtc.dbo.Resource r "
                                     "WITH (NOLOCK) WHERE r.ResourceId IN (2, 6)"))
        check.same("tsql: NULLs", [("1", "2", "sameEnterprise", "NULL", "200")], tsql(
            check, peer, "SELECT TOP 1 OwnerId, 2, MemberType, MemberValue, ContainerNum FROM"
                         " rtc.dbo.ContainerMember ORDER BY ContainerNum"))
        check.same("tsql: two statements", [("1",), ("2",)],
                   tsql(check, peer, "SET TEXTSIZE 100 SELECT 1 SELECT 2"))


def check_bsqldb(check):
    with check.peer() as peer:
        done = subprocess.run(
            ["bsqldb", "-q", "-S", peer.name, "-U", peer.user, "-P", peer.password, "-t", "|"],
            input="SELECT FrontEndId, Fqdn FROM rtc.dbo.FrontEnd ORDER BY FrontEndId\ngo\n",
            text=True, capture_output=True, timeout=60, check=False)
        check.same("bsqldb", ["12040|fe01.contoso.example", "12041|fe02.contoso.example"],
                   ["|".join(word.strip() for word in line.split("|"))
                    for line in done.stdout.splitlines()])


def check_types(check):
    with check.peer() as peer:
        check.same("rtcdyn", [
            (1, 2, 1, 1, None, 12, datetime.datetime(2015, 6, 1, 8, 30), None,
             (STATE % 3500).replace("</state>", "<device>computer</device></state>").encode())],
            rows(peer, "SELECT * FROM PublishedInstance WHERE PublisherId = %s AND InstanceNum = 1"
                       " AND ContainerNum = 2", 1))
        check.same("rtc: image", [(b"Zo\xc3\xab", True, 8)], rows(
            peer, "SELECT AdDisplayName, Enabled, (SELECT COUNT(*) FROM rtc.dbo.CategoryDef WHERE"
                  " CategoryId <> 8) AS n FROM ResourceDirectory WHERE ResourceId = 6",
            database="rtc"))
        check.same("mgc", [(uuid.UUID("00000000-0000-5000-8000-0000000000f0"), 300,
                            "Incident bridge", None, False, 4, 635500000000000000, None)],
                   rows(peer, "SELECT nodeGuid, nodeID, nodeName, invite, disabled, behavior,"
                              " nodeAddedOn, purgedOn FROM mgc.dbo.tblNode WHERE nodeID = 300"))
        check.same("mgccomp", [(datetime.datetime(2078, 1, 1), "", None)], rows(
            peer, "SELECT entryDate, cmplMessage, cmplChatID FROM mgccomp..tblComplianceData"
                  " WHERE cmplEventID = 1003"))
        check.same("datetime2", [(datetime.datetime(2015, 6, 1, 8, 30),)],
                   rows(peer, "SELECT lockExpirationTime FROM mgccomp.dbo.tblComplianceState"))
        check.same("server", [("11.0.2100.60", None, "FE01", "mgc")],
                   rows(peer, "SELECT SERVERPROPERTY('ProductVersion'),"
                              " SERVERPROPERTY('InstanceName'), @@SERVERNAME, DB_NAME()",
                        database="mgc"))
        check.same("columns", [("varbinary", -1, "YES"), ("datetime", None, "YES")], rows(
            peer, "SELECT DATA_TYPE, CHARACTER_MAXIMUM_LENGTH, IS_NULLABLE FROM"
                  " [rtcdyn].[INFORMATION_SCHEMA].[COLUMNS] WHERE TABLE_NAME = 'publishedinstance'"
                  " AND COLUMN_NAME IN ('Data', 'LastPubTime') ORDER BY COLUMN_NAME",
            database="rtc"))
        check.same("violations", [], peer.violations())


def check_expressions(check):
    cases = [
        ("CAST(Data AS varchar(13))", "<userInformat"), ("DATALENGTH(Data)", 91),
        ("CAST(SUBSTRING(Data, 2, 4) AS varbinary(max))", b"user"),
        ("CAST(NULL AS int)", None), ("N'Zo\u00eb'", "Zo\u00eb"), ("CHARINDEX('b', 'abc')", 2),
        ("CONVERT(varchar(3), 'abcdef')", "abc"), ("MAX(LastPubTime)", datetime.datetime(2015, 5, 20, 10)),
        ("CASE WHEN 1 = 1 THEN 5000000000 ELSE 1 END", 5000000000),
        ("'a' + 'b'", "ab"), ("LEN('abc')", 3),
    ]
    with check.peer() as peer:
        for text, value in cases:
            check.same(text, [(value,)], rows(
                peer, f"SELECT {text} FROM rtc.dbo.PublishedStaticInstance WHERE CategoryId = 23"))
        for pattern, text, fits in [
                ("a%", "Ann", True), ("_nn", "ann", True), ("[a-c]nn", "bnn", True), ("%n", "ann", True),
                ("[^a]nn", "ann", False), ("a!%", "ann", False), ("a%x", "ann", False), ("", "", True)]:
            check.same(f"{text} LIKE {pattern}", [(int(fits),)], rows(
                peer, "SELECT CASE WHEN %s LIKE %s ESCAPE '!' THEN 1 ELSE 0 END", text, pattern))


# ---- logins and encryption ----

def check_tls(check):
    """Who gets in, and how much of the connection is covered then."""
    cases = [  # server, client, covered; None = no login
        ((), "off", "none"), ((), "request", "login"), ((), "require", "all"),
        (("--only-encryption",), "request", "all"), (("--only-encryption",), "require", "all"),
        (("--no-encryption",), "request", "none"), (("--no-encryption",), "require", None)]
    for options, encryption, cover in cases:
        with check.peer(*options, tls=True) as peer:
            what = f"{options} and {encryption}"
            answer = tsql(check, peer, "SELECT 7", encryption=encryption)
            check.same(what, [("7",)] if cover else [], answer)
            check.same(f"{what}: covered", [cover] if cover else [],
                       [line["tls"] for line in peer.lines("login")])
    with check.peer("--old-tls", tls=True) as peer:
        check.same("TLS 1.0", [("7",)], tsql(check, peer, "SELECT 7", encryption="require"))
        check.same("its version", "TLSv1", peer.lines("tls")[0]["version"])
    with check.peer(tls=True) as peer:
        check.same("pytds with TLS", [(6,)], rows(peer, "SELECT COUNT(*) FROM rtc.dbo.Resource",
                                                  cafile=check.ca))
        check.same("covered", "all", peer.lines("login")[0]["tls"])
    with check.peer(tls=True) as peer:
        check.same("pytds with TLS for the login", [(7,)],
                   rows(peer, "SELECT 7", cafile=check.ca, enc_login_only=True))
        check.same("covered", "login", peer.lines("login")[0]["tls"])


def check_certificates(check):
    """What the certificate is made for is what it fails for."""
    for what, options in [("another host", {"name": "other.contoso.example"}),
                          ("run out", {"days": -1}), ("of nobody", {"own": True})]:
        with tempfile.TemporaryDirectory() as folder:
            ca, certificate, key = make_certificate(folder, **options)
            with check.peer("--cert", certificate, "--key", key) as peer:
                try:
                    rows(peer, "SELECT 1", cafile=ca)
                    check.failures.add(f"a certificate for {what} was taken")
                except Exception:  # whatever pyOpenSSL or pytds make of it
                    check.same(what, [], peer.lines("login"))


def check_logins(check):
    with check.peer("--domain", "CONTOSO", tls=True) as peer:
        for user, password, good in [
                (None, None, True), (None, "wrong", False), ("nobody", None, False),
                (f"CONTOSO\\{peer.user}", None, True), (f"contoso\\{peer.user.upper()}", None, True),
                (f"CONTOSO\\{peer.user}", "wrong", False), (f"FABRIKAM\\{peer.user}", None, False),
                ("CONTOSO\\nobody", None, False)]:
            check.same(f"login {user} {password}", [("1",)] if good else [],
                       tsql(check, peer, "SELECT 1", user=user, password=password))
        check.same("users", [f"CONTOSO\\{peer.user}", f"contoso\\{peer.user.upper()}"],
                   [line["user"] for line in peer.lines("windows")])
        check.same("why not",
                   ["wrong password", "no such user", "wrong password", "another domain",
                    "no such user"], [line["why"] for line in peer.lines("login-refused")])
        check.same("18456", 18456, error(peer, "SELECT 1", password="wrong"))
        check.same("no database", 18456, error(peer, "SELECT 1", database="nowhere"))
        check.same("why", "no such database", peer.lines("login-refused")[-1]["why"])
    with check.peer("--windows-only") as peer:
        check.same("windows only", 18456, error(peer, "SELECT 1"))


def bsqldb(check, peer, text, realm):
    """Without a user: Kerberos. The host must have its name, of which the service's is made."""
    conf = os.path.join(check.folder, "freetds.conf")
    with open(conf, "w", encoding="ascii") as file:
        file.write(f"[peer]\nhost = localhost\nport = {peer.port}\n")
    done = subprocess.run(
        ["bsqldb", "-q", "-S", "peer"], input=f"{text}\ngo\n", text=True, capture_output=True,
        timeout=60, env={**realm.environment, "FREETDSCONF": conf}, check=False)
    return done.stdout.split()


def check_kerberos(check):
    with tempfile.TemporaryDirectory() as folder, \
            Realm(folder, {USER: "secret1", "other": "secret2"}) as realm, \
            check.peer("--keytab", realm.keytab, env=realm.environment) as peer:
        check.same("no ticket", [], bsqldb(check, peer, "SELECT 1", realm))
        realm.sign_in(USER, "secret1")
        check.same("no such service", [], bsqldb(check, peer, "SELECT 1", realm))
        check.same("neither arrives", [], peer.lines("login-refused"))
        realm.add_service(f"MSSQLSvc/localhost:{peer.port}")
        check.same("a ticket", ["1"], bsqldb(check, peer, "SELECT 1", realm))
        realm.sign_in("other", "secret2")
        check.same("another's ticket", [], bsqldb(check, peer, "SELECT 1", realm))
        check.same("who", [f"{USER}@CONTOSO.EXAMPLE"],
                   [line["user"] for line in peer.lines("windows")])
        check.same("who not", ["other@CONTOSO.EXAMPLE"],
                   [line["user"] for line in peer.lines("login-refused")])


# ---- requests ----

def check_errors(check):
    with check.peer("--deny", "rtcdyn.Endpoint", "--without", "rtcdyn.PublishedInstance.CategoryId",
                    "--without", "rtcdyn.Participant") as peer:
        for number, text in [
                (208, "SELECT * FROM rtc.dbo.Nothing"), (207, "SELECT Missing FROM rtc.dbo.Resource"),
                (229, "SELECT EndpointId FROM rtcdyn.dbo.Endpoint"),
                (207, "SELECT CategoryId FROM rtcdyn.dbo.PublishedInstance"),
                (208, "SELECT UserAtHost FROM rtcdyn.dbo.Participant"),
                (208, "SELECT * FROM ResourceDirectory"), (911, "USE nowhere"), (137, "SELECT @x"),
                (105, "SELECT 'x"), (102, "SELECT FROM WHERE"),
                (3906, "DELETE FROM rtc.dbo.Resource"), (3906, "SELECT * INTO x FROM rtc.dbo.Resource"),
                (3906, "EXEC RtcDeleteResource 'x'"), (3906, "SET NOCOUNT ON UPDATE rtc.dbo.Resource SET ResourceId = 1")]:
            check.same(text, number, error(peer, text))
        check.same("refused", 4, len(peer.lines("refused")))
        check.same("columns that are left out", [(0,)], rows(
            peer, "SELECT COUNT(*) FROM rtcdyn.INFORMATION_SCHEMA.COLUMNS WHERE COLUMN_NAME ="
                  " 'CategoryId' AND TABLE_NAME = 'PublishedInstance'"))


def check_databases(check):
    """What a server does not have, does not give, or does not show."""
    text = "SELECT COUNT(*) FROM [%s].[INFORMATION_SCHEMA].[COLUMNS]"
    with check.peer("--without", "mgc", "--deny", "mgccomp", "--hide", "rtcdyn.Endpoint") as peer:
        for number, statement in [
                (208, text % "mgc"), (208, "SELECT * FROM mgc.dbo.tblNode"), (911, "USE mgc"),
                (916, text % "mgccomp"), (916, "SELECT * FROM mgccomp.dbo.tblComplianceState"),
                (229, "SELECT * FROM Endpoint"), (None, text % "rtc")]:
            check.same(statement, number, error(peer, statement))
        check.same("a login to it", 18456, error(peer, "SELECT 1", database="mgc"))
        check.same("access", [(None, 0, 1)], rows(
            peer, "SELECT HAS_DBACCESS('mgc'), HAS_DBACCESS('mgccomp'), HAS_DBACCESS('rtc')"))
        check.same("databases", ["master", "mgccomp", "rtc", "rtcdyn"], [row[0] for row in rows(
            peer, "SELECT name FROM sys.databases ORDER BY name")])
        check.same("hidden", [(0,)], rows(
            peer, "SELECT COUNT(*) FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = 'Endpoint'"))
    with check.peer("--lower-names") as peer:
        check.same("lower names", [("fqdn",)], rows(
            peer, "SELECT COLUMN_NAME FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = 'Registrar'"
                  " AND COLUMN_NAME <> 'RegistrarId'"))


def check_lint(check):
    """SQLite's SQL that is not SQL Server's is refused; what both have is not."""
    cases = [
        (195, "SELECT IFNULL(UserAtHost, '') FROM rtc.dbo.Resource"), (195, "SELECT hex('a')"),
        (102, "SELECT 1 LIMIT 1"), (102, "SELECT 'a' || 'b'"), (102, "SELECT 1 WHERE 1 == 1"),
        (102, "SELECT 1 IS NULL"), (102, "SELECT ResourceId = 1 AND 1 = 1 FROM rtc.dbo.Resource"),
        (102, "SELECT n FROM (SELECT 1 AS n)"), (None, "SELECT n FROM (SELECT 1 AS n) x"),
        (156, "SELECT 1 AS key"), (None, "SELECT 1 AS [key]"), (156, "SELECT x.index FROM rtc.dbo.Resource x"),
        (8120, "SELECT Fqdn, COUNT(*) FROM rtc.dbo.FrontEnd"),
        (8120, "SELECT f.Fqdn, MAX(f.FrontEndId) FROM rtc.dbo.FrontEnd f GROUP BY f.FrontEndId"),
        (None, "SELECT f.Fqdn, MAX(f.FrontEndId) FROM rtc.dbo.FrontEnd f GROUP BY f.Fqdn"),
        (145, "SELECT DISTINCT Fqdn FROM rtc.dbo.FrontEnd ORDER BY FrontEndId"),
        (None, "SELECT DISTINCT Fqdn AS f FROM rtc.dbo.FrontEnd ORDER BY Fqdn"),
        (1033, "SELECT n FROM (SELECT 1 AS n ORDER BY n) x"),
        (None, "SELECT n FROM (SELECT TOP (1) 1 AS n ORDER BY n) x"),
        (195, "SET NONSENSE ON"), (None, "SET DEADLOCK_PRIORITY LOW SELECT 1"),
        (191, "SELECT " + "(" * 60 + "1" + ")" * 60), (1056, "SELECT 1" + ", 1" * 256),
        (None, "WITH a (n) AS (SELECT 1) SELECT n FROM a"),
        (None, "SELECT CASE WHEN 1 = 1 AND 2 IN (1, 2) THEN 1 ELSE 0 END AS n")]
    with check.peer() as peer:
        for number, text in cases:
            check.same(text, number, error(peer, text))


def check_parameters(check):
    with check.peer() as peer:
        for name, count in [("ann@contoso.example", 1), ("x' OR 1=1--", 0), ("ANN@contoso.example", 1)]:
            check.same(name, [(count,)], rows(
                peer, "SELECT COUNT(*) FROM rtc.dbo.Resource WHERE UserAtHost = %s", name))
        last = peer.lines("rpc")[-1]["parameters"][0]
        check.same("logged", ("@P1", "nvarchar", "ANN@contoso.example"),
                   (last["name"], last["type"], last["value"]))
        check.same("a time", [(2,)], rows(
            peer, "SELECT COUNT(*) FROM PublishedInstance WHERE LastPubTime > %s",
            datetime.datetime(2015, 6, 1, 8, 35)))


def check_protocol(check):
    """What no client may send ends the connection; an RPC must be one of sp_executesql's."""
    select, define = tds_raw.nvarchar("", "SELECT @a"), tds_raw.nvarchar("", "@a nvarchar(9)")
    value = tds_raw.nvarchar("@a", "x")
    rpcs = [
        (None, (select, define, value)), (None, (select, define, tds_raw.nvarchar("", "x"))),
        (214, (tds_raw.varchar("", "SELECT 1"),)), (214, (select, tds_raw.varchar("", "@a int"), value)),
        (8178, (select, define)), (8178, (select, define, tds_raw.nvarchar("@b", "x"))),
        (8178, (select, define, value, value))]
    with check.peer() as peer:
        for number, parameters in rpcs:
            with tds_raw.Raw(peer) as raw:
                raw.login(peer)
                raw.send(tds_raw.packet(tds_raw.RPC, tds_raw.execute_sql(*parameters)))
                reply = raw.reply()
                got = struct.unpack("<I", reply[3:7])[0] if reply[0] == 0xAA else None
                check.same(f"rpc of {len(parameters)}", number, got)
        check.same("violations", [], peer.violations())
        odd = [tds_raw.packet(tds_raw.BATCH, tds_raw.HEADERS + b"abc"),
               tds_raw.packet(tds_raw.BATCH, tds_raw.utf16("SELECT 1")),
               tds_raw.packet(tds_raw.BATCH, b"", length=4),
               tds_raw.packet(tds_raw.BATCH, tds_raw.HEADERS, last=False)
               + tds_raw.packet(tds_raw.RPC, b"1"),
               tds_raw.packet(tds_raw.RPC, tds_raw.execute_sql(value[:-1])),
               tds_raw.packet(99, b"")]
        for count, data in enumerate(odd, 1):
            with tds_raw.Raw(peer) as raw:
                raw.login(peer)
                raw.send(data)
                check.same(f"violation {count}", b"", raw.reply())
            check.same(f"violation {count}: logged", count, len(peer.lines("violation")))
        check.same("the server lives on", [(1,)], rows(peer, "SELECT 1"))


def check_attention(check):
    with check.peer() as peer, tds_raw.Raw(peer) as raw:
        raw.login(peer)
        raw.batch("WAITFOR DELAY '0:1:0' SELECT 1")
        time.sleep(0.2)
        raw.send(tds_raw.packet(tds_raw.ATTENTION, b""))
        began = time.monotonic()
        check.same("attention", tds_raw.DONE_ATTENTION, raw.reply()[-13:-10])
        check.same("at once", True, time.monotonic() - began < 5)
        raw.batch("SELECT 1")
        check.same("the connection lives on", 0x81, raw.reply()[0])
        check.same("logged", 1, len(peer.lines("attention")))


def check_text_size(check):
    """A session without the ODBC flag is cut at 4096 bytes until it asks for more."""
    text = "SELECT Data FROM rtcdyn.dbo.PublishedInstance WHERE ContainerNum = 400"
    with check.peer("--large-row", 100000, "--type", "rtcdyn.PublishedInstance.Data=image") as peer:
        with tds_raw.Raw(peer) as raw:
            for size, least in [(None, 4096), (50000, 50000), (2147483647, 100000)]:
                if not size:
                    raw.login(peer)
                raw.batch(f"SET TEXTSIZE {size} {text}" if size else text)
                check.same(f"TEXTSIZE {size}", least // 1000, len(raw.reply()) // 1000)
        with connect(peer) as connection, connection.cursor() as cursor:
            cursor.execute(text)
            check.same("image", 34, cursor.description[0][1])


# ---- data ----

def check_data(check):
    with check.peer("--users", 20000, "--large-row", 10 << 20) as peer:
        check.same("20,000 users", [(20000 + 5, 20000 + 7)], rows(
            peer, "SELECT COUNT(*) AS d, (SELECT COUNT(*) FROM rtcdyn.dbo.PublishedInstance) AS p"
                  " FROM rtc.dbo.ResourceDirectory"))
        found = rows(peer, "SELECT r.UserAtHost, p.Data FROM rtc.dbo.ResourceDirectory d JOIN"
                           " rtc.dbo.Resource r ON r.ResourceId = d.ResourceId LEFT JOIN"
                           " rtcdyn.dbo.PublishedInstance p ON p.PublisherId = r.ResourceId AND"
                           " p.ContainerNum = 2 WHERE r.ResourceId > 1000 ORDER BY r.UserAtHost")
        document = (STATE % 3500).replace("</state>", "<device>computer</device></state>")
        check.same("their documents", [20000, "user020000@contoso.example", document.encode()],
                   [len(found), *found[-1]])
        large = rows(peer, "SELECT Data FROM rtcdyn.dbo.PublishedInstance WHERE ContainerNum = 400")
        check.same("a row of 10 MB", True, large[0][0] == NOTE % (b"x" * (10 << 20)))
    with check.peer("--sql", FRONT_END_2) as peer:
        check.same("another front end", [(9,), (11,), (6,)], rows(
            peer, "SELECT [Version] - 1 AS v FROM rtc.dbo.PublishedStaticInstance WHERE CategoryId ="
                  " 1 AND PublisherId = 1 UNION ALL SELECT [Version] FROM PublishedInstance WHERE"
                  " PublisherId IN (1, 2) AND InstanceNum = 1 AND ContainerNum = 2"))


# ---- the browser and faults ----

def ask_browser(peer, request, timeout=0.5):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(timeout)
        client.sendto(request, ("127.0.0.1", peer.browser))
        try:
            return client.recv(4096)
        except TimeoutError:
            return None


def check_browser(check):
    with check.peer("--browser", 0, "--instance", "RTCLOCAL") as peer:
        text = (f"ServerName;FE01;InstanceName;RTCLOCAL;IsClustered;No;Version;11.0.2100.60;"
                f"tcp;{peer.port};;").encode()
        answer = b"\x05" + struct.pack("<H", len(text)) + text
        for request, expected in [(b"\x04RTCLOCAL\0", answer), (b"\x04rtclocal", answer),
                                  (b"\x03", answer), (b"\x04OTHER\0", None), (b"\x09", None)]:
            check.same(f"browser {request}", expected, ask_browser(peer, request))
        peer.fault("silent-browser*1")
        check.same("silent", None, ask_browser(peer, b"\x03"))
        peer.fault("no-tcp-browser*1")
        check.same("without TCP", True, b"tcp;" not in ask_browser(peer, b"\x03"))
        for kind in range(8):
            peer.fault(f"garbage-browser={kind}*1")
            check.same(f"garbage {kind}", True, ask_browser(peer, b"\x03") not in (None, answer))
        check.same("its name", [("FE01\\RTCLOCAL",)], rows(peer, "SELECT @@SERVERNAME"))


def check_faults(check):
    text = "SET LOCK_TIMEOUT 2000 SELECT UserAtHost FROM rtc.dbo.Resource"
    with check.peer() as peer:
        for spec, results in [
                ("deadlock*1", [1205, None]), ("locked", [1222, 1222]), ("locked*1", [1222, None]), ("scan=3*1", [601, None]),
                ("error=4242@Resource", [4242]), ("deadlock@Nothing", [None]),
                ("cut-row=2*1", ["dead", None]), ("cut-row=0", ["dead"]), ("garbage=1", ["dead"]),
                ("refuse-login*1", [18456, None]), ("close", ["dead"]), ("garbage-login", ["dead"])]:
            peer.fault(spec)
            for result in results:
                check.same(spec, result, error(peer, text))
            peer.clear()
        peer.fault("double-row")
        check.same("double-row", 12, len(rows(peer, text)))
        peer.clear()
        peer.fault("slow-row=20*1")
        began = time.monotonic()
        check.same("slow-row", 6, len(rows(peer, text)))
        check.same("slow-row: slow", True, time.monotonic() - began >= 6 * 0.02)
        peer.fault("locked")
        check.same("locked without LOCK_TIMEOUT", "dead",
                   error(peer, "SELECT UserAtHost FROM rtc.dbo.Resource", timeout=0.5))
        peer.clear()
        for spec in ("mute=2", "slow-query=30000", "silent-login", "silent-prelogin"):
            peer.fault(spec)
            check.same(spec, "dead", error(peer, text, timeout=0.5, login_timeout=0.5))
            peer.clear()
        for spec in ("garbage-prelogin", "garbage=0"):
            peer.fault(spec)
            check.same(spec, "dead", error(peer, text))
            peer.clear()
        try:
            peer.fault("nonsense")
            check.failures.add("a fault that does not exist was taken")
        except ValueError:
            pass
    with check.peer(tls=True) as peer:
        for spec in ("cut-tls", "garbage-tls", "silent-tls"):
            peer.fault(spec)
            try:
                rows(peer, "SELECT 1", cafile=check.ca, login_timeout=0.5, timeout=0.5)
                check.failures.add(f"{spec} went unnoticed")
            except Exception:  # whatever pyOpenSSL or pytds make of it
                peer.clear()
        check.same("no login", [], peer.lines("login"))
    with check.peer("--large-row", 9000, "--fault", "cut-text") as peer:
        check.same("cut-text", 4096, len(rows(
            peer, "SELECT Data FROM PublishedInstance WHERE ContainerNum = 400")[0][0]))


CHECKS = [check_tsql, check_bsqldb, check_types, check_expressions, check_tls, check_certificates,
          check_logins, check_kerberos, check_errors, check_databases, check_lint,
          check_parameters, check_protocol, check_attention, check_text_size, check_data, check_browser, check_faults]


def main():
    server, wanted = sys.argv[1], sys.argv[2:]
    with tempfile.TemporaryDirectory() as folder:
        check = Check(server, folder)
        for function in CHECKS:
            if not wanted or function.__name__ in wanted:
                check.failures.where = function.__name__
                function(check)
        check.failures.where = ""
        return check.failures.finish("the test server does as its clients expect")


if __name__ == "__main__":
    sys.exit(main())
