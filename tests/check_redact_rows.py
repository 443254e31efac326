#!/usr/bin/env python3
"""Rows of databases with --redact: no original name is left, and nothing else changes.

    check_redact_rows.py OCSIGHT TDS-SERVER RENDER-SAMPLE

The names are those of the sample rows (tests/tds/data), searched for in every output as UTF-8 and
UTF-16: every report of `db` in every format, from servers and from a snapshot; presence; the audit
with its evidence; a snapshot as a file. Counts, numbers, times and findings are as without it, and
one key gives one pseudonym, whether a name comes from a row or from a capture.
"""
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile

import check_db
import check_db_audit
from sampling import Failures, render
from sheet_rows import Server, tables, fill, write_snapshot
from tds_peer import FRONT_END_2, PASSWORD, USER, Peer

NOW = ["--at", "2015-06-01T09:00:00Z"]
LOGIN = ["--login", USER, "--encrypt", "off", "--allow-plaintext-login"]
ANN = "ann@contoso.example"
# Columns whose texts name nobody: categories, roles, types, clients, and documents, which are
# searched for by what is in them.
PLAIN = {"Name", "ptypeDesc", "attributeName", "attributeValue", "rtypeDesc", "MemberType",
         "ClientApp", "Data", "RoutingGroupName"}
# What stands in more than one of them, or is part of a name.
MORE = ["contoso", "fabrikam", "fe01.", "fe02.", "pc01", "pc02", "ann@", "bob@", "carol@", "dave@",
        "eve@", "zoe@", "Archer", "Baker", "192.0.2.", "127.0.0.1", "aa01", "Zo\u00eb", "15555550",
        "\uc810\uc2ec", "secret words"]
# Documents that hold names, in UTF-8 and UTF-16, and columns that nobody knows.
NAMED = """
INSERT INTO rtcdyn.dbo.PublishedInstance (PublisherId,ContainerNum,CategoryId,InstanceNum,EndpointId,[Version],LastPubTime,ExpiresAt,Data) VALUES
 (1,400,2,0,NULL,3,'2015-06-01 08:30:00',NULL,CAST('<contactCard xmlns="http://schemas.microsoft.com/2006/09/sip/contactcard"><identity><name><displayName>Ann Archer</displayName></name><email>ann@contoso.example</email></identity></contactCard>' AS varbinary(max))),
 (1,400,3,0,NULL,3,'2015-06-01 08:30:00',NULL,CAST(N'<note xmlns="http://schemas.microsoft.com/2006/09/sip/note"><body type="personal" uri="">Archer wrote secret words</body></note>' AS varbinary(max))),
 (2,400,3,0,NULL,3,'2015-06-01 08:30:00',NULL,CAST('secret words of Bob Baker' AS varbinary(max)));
UPDATE rtc.dbo.Contact SET DisplayName = CAST('Dear Bob Baker' AS varbinary(512)) WHERE BuddyId = 2;
"""


def originals():
    """Every text of the sample rows that could name somebody."""
    rows = fill(False)
    names = set(MORE)
    for path, columns in tables().items():
        shown = [c[0] for c in columns if c[0] not in PLAIN and c[1] in (
            "nvarchar", "varchar", "varbinary", "image")]
        for column in shown:
            for (value,) in rows.execute(f"SELECT [{column}] FROM [{path}]"):
                text = value.decode("utf-8", "ignore") if isinstance(value, bytes) else value or ""
                if len(text) > 3 and not re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-\w{12}", text):
                    names.add(text)
    return sorted(names)


class Check:
    def __init__(self, ocsight, server, renderer, folder):
        self.ocsight = ocsight
        self.server = server
        self.renderer = renderer
        self.folder = folder
        self.failures = Failures()
        self.names = originals()
        self.patterns = [name.lower().encode(code) for name in self.names
                         for code in ("utf-8", "utf-16-le")]
        self.key = self.path("key")
        with open(self.key, "wb") as file:
            file.write(b"a key that only this test knows")
        self.redact = ["--redact-key", self.key]

    def path(self, name):
        return os.path.join(self.folder, name)

    def expect(self, what, condition, detail=""):
        if not condition:
            self.failures.add(f"{what}: {detail}")

    def run(self, *arguments, status=0):
        done = subprocess.run([self.ocsight, *map(str, arguments)], timeout=120,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              env=dict(os.environ, OCSIGHT_PASSWORD=PASSWORD))
        self.expect(" ".join(map(str, arguments)), done.returncode == status,
                    f"status {done.returncode}: {done.stderr.decode('utf-8', 'replace')}")
        return done.stdout

    def json(self, *arguments, status=0):
        """A document; with --redact it names nobody and says so."""
        out = self.run(*arguments, "--format", "json", status=status)
        if "--redact" in arguments or "--redact-key" in arguments:
            self.nobody(" ".join(map(str, arguments)), out)
            self.expect(f"{arguments}: said", b'"redacted": true' in out, out[:200])
        try:
            return json.loads(out)
        except ValueError:
            self.failures.add(f"{arguments}: no JSON: {out[:200]!r}")
            return {"rows": [], "findings": [], "users": []}

    def found(self, data):
        """Names that are in there, also where an output breaks lines."""
        texts = (data.lower(), re.sub(rb"\s+", b"", data.lower()))
        return [pattern for pattern in self.patterns if any(pattern in text for text in texts)]

    def nobody(self, what, data):
        found = self.found(data)
        self.expect(f"{what}: names that are left", not found, found[:5])

    # ---- reports ----

    def check_reports(self, where, source):
        self.failures.where = where
        for report, (options, _) in check_db.ROWS.items():
            arguments = ["db", report, *source, *options]
            plain = self.json(*arguments)
            shown = self.json(*arguments, *self.redact)
            self.expect(report, len(plain["rows"]) == len(shown["rows"]) > 0,
                        f"{len(plain['rows'])} rows became {len(shown['rows'])}")
            for before, after in zip(plain["rows"], shown["rows"]):
                self.expect(f"{report}: columns", before.keys() == after.keys(), after)
            numbers = [sorted(str(value) for row in document["rows"]
                              for key, value in row.items()
                              if key != "bytes" and not isinstance(value, str))
                       for document in (plain, shown)]
            times = [sorted(value for row in document["rows"] for value in row.values()
                            if isinstance(value, str) and re.fullmatch(r"\d{4}-.*Z", value))
                     for document in (plain, shown)]
            bands = [sorted(str(row.get(key)) for row in document["rows"]
                            for key in ("band", "kind", "category", "role", "type_name")
                            if report != "rooms") for document in (plain, shown)]
            self.failures.same(f"{report}: numbers", *numbers)
            self.failures.same(f"{report}: times", *times)
            self.failures.same(f"{report}: words", *bands)
            for form in ("text", "csv") if where == "a snapshot" else ():
                out = self.run(*arguments, *self.redact, "--format", form, "--width", "250")
                self.nobody(f"{report} {form}", out)
        self.nobody("schema", self.run("db", "schema", *source, *self.redact))
        kept = b"".join(self.run("db", report, *source) for report in ("online", "rooms"))
        self.expect("the names are there without it", self.found(kept), kept)

    def check_selection(self, source):
        """What is asked for is found by its real name."""
        self.failures.where = "selection"
        for options, report, count in (
                (["--user", ANN], "online", 2), (["--user", "sip:" + ANN.upper()], "documents", 5),
                (["--user", "nobody@contoso.example"], "documents", 0),
                (["--user", ANN, "--user", "bob@contoso.example"], "watchers", 4),
                (["--room", "Incident bridge"], "members", 2), (["--room", "300"], "rooms", 1),
                (["--room", "incident BRIDGE"], "rooms", 1), (["--room", "Nowhere"], "rooms", 0),
                (["--room", "ma-chan://contoso.example/300"], "compliance", 3)):
            arguments = ["db", report, *source, *options]
            plain = self.json(*arguments)["rows"]
            shown = self.json(*arguments, *self.redact)["rows"]
            self.failures.same(f"{report} {options}: rows", (count, count),
                               (len(plain), len(shown)))
        self.run("db", "online", *source, "--user", "ann@*", *self.redact, status=2)

    # ---- presence ----

    def check_presence(self, where, source):
        self.failures.where = f"presence of {where}"
        plain = self.json("presence", *source, *NOW, "--explain")
        shown = self.json("presence", *source, *NOW, "--explain", *self.redact)
        what = ("band", "availability", "activity", "since", "source")
        self.failures.same("bands", sorted(str([user[key] for key in what])
                                           for user in plain["users"]),
                           sorted(str([user[key] for key in what]) for user in shown["users"]))
        for form in ("text", "csv"):
            more = [] if form == "csv" else ["--explain"]
            self.nobody(form, self.run("presence", *source, *NOW, *more, *self.redact, "--format",
                                       form))
        one = self.json("presence", *source, *NOW, "--user", ANN, *self.redact)["users"]
        self.failures.same("one user", ["available"], [user["band"] for user in one])

    # ---- snapshots ----

    def check_file(self, servers, plain):
        """A snapshot that was taken with --redact holds no name, and tells the same."""
        self.failures.where = "snapshot"
        path = self.path("redacted.db")
        out = self.run("store", "snapshot", *servers, *self.redact, "-o", path)
        self.nobody("what is said of it", out)
        with open(path, "rb") as file:
            self.nobody("the file", file.read())
        counts = []
        for name in (plain, path):
            file = sqlite3.connect(name)
            counts.append({table: file.execute(f"SELECT count(*) FROM [{table}]").fetchone()[0]
                           for (table,) in file.execute(
                               "SELECT name FROM sqlite_master WHERE type = 'table'")})
            file.close()
        self.failures.same("rows", *counts)
        for report, (options, _) in check_db.ROWS.items():
            of_plain = self.json("db", report, plain, *options, *self.redact)["rows"]
            of_file = self.json("db", report, path, *options)["rows"]
            for row in of_plain + of_file:
                row.pop("bytes", None)
            as_text = [sorted(json.dumps(row, sort_keys=True) for row in rows)
                       for rows in (of_plain, of_file)]
            self.failures.same(report, *as_text)

    def check_diff(self):
        self.failures.where = "diff"
        changed = self.path("changed.db")
        before = self.path("before.db")
        write_snapshot(before, [Server("fe01.contoso.example")])
        write_snapshot(changed, [Server("fe01.contoso.example", taken=10**18)])
        file = sqlite3.connect(changed)
        file.executescript("""
            DELETE FROM [rtcdyn.RegistrarEndpoint] WHERE OwnerId = 1;
            UPDATE [mgc.tblNode] SET nodeName = 'War room of Ann Archer' WHERE nodeID = 300;
            UPDATE [mgc.tblChat] SET content = 'secret words' WHERE chatId = 1;
            DELETE FROM [mgc.tblPrincipalRole] WHERE prinRoleNodeID = 301;
            INSERT INTO [rtc.ResourcePhone] VALUES (1, 1, '+15555550103');
        """)
        file.commit()
        file.close()
        arguments = ["db", "diff", before, changed]
        plain = self.json(*arguments)["rows"]
        shown = self.json(*arguments, *self.redact)["rows"]
        self.failures.same("changes", sorted((row["of"], row["change"]) for row in plain),
                           sorted((row["of"], row["change"]) for row in shown))
        self.expect("changes", len(plain) > 4, plain)
        for form in ("text", "csv"):
            self.nobody(form, self.run(*arguments, *self.redact, "--format", form, "--width",
                                       "250"))

    # ---- one key ----

    def check_one_key(self, source):
        """The same name is the same pseudonym in a capture, and another under another key."""
        self.failures.where = "one key"
        trace = render(self.renderer, "group-chat", self.path("group-chat.pcap"))
        out = self.run("messages", "--format", "json", *self.redact, "--user", ANN, trace)
        of_trace = {line[end] for line in map(json.loads, out.decode().splitlines())
                    for end in ("from", "to")}
        of_rows = {row["user"] for row in self.json("db", "online", *source, "--user", ANN,
                                                    *self.redact)["rows"]}
        self.expect("ann", len(of_rows) == 1 and any(
            name and next(iter(of_rows)) in name for name in of_trace), f"{of_rows} {of_trace}")
        again = {row["user"] for row in self.json("db", "online", *source, "--user", ANN,
                                                  "--redact")["rows"]}
        self.expect("a key of its own", again and again != of_rows, again)

    # ---- the audit ----

    def findings(self, *arguments):
        found = self.json("audit", *arguments, "--fail-on", "never")["findings"]
        return [(each["rule"], each["severity"], each["time"], len(each["evidence"]),
                 [bool(each[key]) for key in ("user", "peer", "room", "call_id")])
                for each in found]

    def compare_audit(self, what, *arguments):
        plain = self.findings(*arguments)
        shown = self.findings(*arguments, *self.redact)
        self.failures.same(f"{what}: findings", sorted(plain), sorted(shown))
        for form in ("text", "csv") if what == "rows" else ():
            self.nobody(f"{what} {form}", self.run("audit", *arguments, *self.redact, "--format",
                                                   form, "--fail-on", "never"))
        return plain

    def with_rows(self, text, take):
        path = self.path("more.sql")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        with Peer(self.server, "--sql", path) as peer:
            take(["--server", peer.name, *LOGIN])
            self.expect("nothing is written there", peer.violations() == [])

    def check_audit(self):
        self.failures.where = "audit"
        rows = (check_db_audit.CLEAN + check_db_audit.CAROL + check_db_audit.RAN_OUT +
                check_db_audit.TWICE + check_db_audit.LONE)

        def of_rows(source):
            plain = self.compare_audit("rows", *NOW, *source)
            self.expect("rows", len(plain) >= 4, plain)

        self.with_rows(rows, of_rows)
        for sample, cases, now in (
                ("presence-change", check_db_audit.PRESENCE[:2], "2013-05-14T09:00:00Z"),
                ("persistent-chat", check_db_audit.POSTS[:4] + check_db_audit.POSTS[5:6],
                 "2014-05-06T12:00:00Z")):
            trace = render(self.renderer, sample, self.path(sample + ".pcap"))
            for what, text, _ in cases:
                self.with_rows(check_db_audit.CLEAN + text, lambda source: self.compare_audit(
                    f"{sample}: {what}", trace, "--at", now, *source))

    def check_compliance(self):
        """The rows of the compliance database are those of the trace's messages."""
        self.failures.where = "compliance"
        helper = check_db_audit.Check(self.ocsight, self.server, self.folder)
        trace, messages = helper.compliance_trace(self.renderer)
        at = next(i for i, row in enumerate(messages)
                  if row["content"] == check_db_audit.GONE_TEXT)
        first = check_db_audit.FIRST
        rows = "".join(check_db_audit.event_row(first + i, row)
                       for i, row in enumerate(messages))

        def compare(source):
            self.compare_audit("a message without a row", trace, *NOW, *source)
            flows = [self.json("flows", trace, *source, *more)["flows"]
                     for more in ([], self.redact)]
            outcomes = [[[(step["step"], step["outcome"], step["time"]) for step in flow["steps"]]
                         for flow in each] for each in flows]
            self.failures.same("flows", *outcomes)
            self.expect("flows", "missing" in str(outcomes[0]) and "seen" in str(outcomes[0]))

        self.with_rows(check_db_audit.CLEAN + rows + check_db_audit.without(first + at), compare)

    # ---- what servers say ----

    def check_words(self):
        """Neither a server's own words nor its name reach an output."""
        self.failures.where = "words"
        with Peer(self.server) as peer:
            peer.fault("error=229@RegistrarEndpoint")
            out = self.run("db", "online", "--server", peer.name, *LOGIN, *self.redact, "--format",
                           "json", status=5)
            self.nobody("a refused query", out)
            self.expect("its name", peer.name.encode() not in out, out)
        out = self.run("db", "online", "--server", "127.0.0.1:1", *LOGIN, *self.redact, status=5)
        self.expect("a server that is not there", b"127.0.0.1" not in out, out)


def main():
    ocsight, server, renderer = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        check = Check(ocsight, server, renderer, folder)
        named = check.path("named.sql")
        with open(named, "w", encoding="utf-8") as file:
            file.write(NAMED)
        snapshot = check.path("plain.db")
        with Peer(server, "--sql", named) as one, Peer(server, "--sql", FRONT_END_2) as two:
            servers = ["--server", one.name, "--server", two.name, *LOGIN]
            check.run("store", "snapshot", *servers, "-o", snapshot)
            check.check_reports("servers", servers)
            check.check_selection(["--server", one.name, *LOGIN])
            check.check_presence("servers", servers)
            check.check_file(servers, snapshot)
            check.check_one_key(servers)
        check.check_reports("a snapshot", [snapshot])
        check.check_presence("a snapshot", [snapshot])
        check.check_diff()
        check.check_audit()
        check.check_compliance()
        check.check_words()
        return check.failures.finish("no name is left, and everything else is as it was")


if __name__ == "__main__":
    sys.exit(main())
