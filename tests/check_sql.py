#!/usr/bin/env python3
"""Every statement that a server is asked only reads, and is built of known pieces.

    check_sql.py SOURCE-TREE OCSIGHT

The files of sql/live/: one statement each, that begins with SELECT (session_*: SET), has no word
that writes, no concatenation of texts, every identifier in brackets, values as parameters only.
Then each report is made where one column is missing, for every column that it mentions: either it
goes without and says so, or it is refused and names the column.
"""
import json
import os
import re
import subprocess
import sys
import tempfile

from sampling import Failures
from sheet_rows import Server, write_snapshot

KEYWORDS = set("""
    select distinct top from join left on where and or not in is null like escape order by desc
    group having case when then else end as count max min lower coalesce cast varbinary datalength
""".split())
WRITING = set("""
    insert update delete merge truncate drop alter create grant revoke deny exec execute into
    backup restore kill shutdown dbcc bulk openrowset openquery opendatasource xp_cmdshell
    sp_executesql waitfor use declare begin commit rollback save reconfigure updatetext writetext
""".split())
# The settings of a session (databases.md 5.3 and 6.3), word by word.
SETTINGS = {
    "SET TRANSACTION ISOLATION LEVEL READ UNCOMMITTED", "SET DEADLOCK_PRIORITY LOW",
    "SET NOCOUNT ON", "SET TEXTSIZE 2147483647",
}
MARKS = {
    "table": r"(\w+\.\w+)?", "columns": r"\w", "database": r"", "column": r"\w+\.\w+\.\w+ \w+",
    "bytes": r"(\d+ )?\w+\.\[\w+\]", "length": r"\w+\.\[\w+\]", "top": r"",
    "if": r"\w+(\.\w+){1,2}", "else": r"", "end": r"", "need": r"\w+\.\w+\.\w+",
}
# Read whole, in whatever order: snapshots, and what is put in order by the program.
UNORDERED = re.compile(r"table\.sql|presence_.*")
LONGEST = 4000  # what db-lib sends as nvarchar (databases.md 6.1)


def check_marks(text, failures):
    """Returns the text with the marks taken out; braces occur nowhere else."""
    open_if = False
    for mark in re.findall(r"\{([^{}]*)\}", text):
        name, _, rest = mark.partition(" ")
        if name not in MARKS or not re.fullmatch(MARKS[name], rest):
            failures.add(f"no mark: {{{mark}}}")
        if name == "if" and open_if or name in ("else", "end") and not open_if:
            failures.add(f"{{{mark}}} out of place")
        open_if = name == "if" or open_if and name != "end"
    if open_if:
        failures.add("an {if} without {end}")
    plain = re.sub(r"\{[^{}]*\}", " ", text)
    if "{" in plain or "}" in plain:
        failures.add("a brace that belongs to no mark")
    return plain


def check_words(plain, failures):
    """What is left when literals, brackets, parameters and aliases are gone are keywords."""
    literals = re.findall(r"'[^']*'", plain)
    for literal in literals:
        if literal != "'\\'":
            failures.add(f"a literal text: {literal}")
    plain = re.sub(r"'[^']*'", " ", plain)
    for name in re.findall(r"\[([^\]]*)\]", plain):
        if not re.fullmatch(r"\w+", name):
            failures.add(f"an odd identifier: [{name}]")
    aliases = set(re.findall(r"\b(\w+)\.\[", plain))
    for alias in aliases:
        if not re.fullmatch(r"[a-z]{1,2}", alias):
            failures.add(f"identifier without brackets: {alias}")
    plain = re.sub(r"\[[^\]]*\]|@\w+", " ", plain)
    for word in re.findall(r"[A-Za-z_]\w*", plain):
        if word.lower() in WRITING:
            failures.add(f"a word that writes: {word}")
        elif word.lower() not in KEYWORDS and not re.fullmatch(r"[a-z]{1,2}", word):
            failures.add(f"identifier without brackets: {word}")
    for sign in re.findall(r"\+|\|\||;|--|/\*|\"|#|\?|\bCONCAT\b", plain):
        failures.add(f"not allowed here: {sign}")


def check_session(text, failures):
    statement = " ".join(text.split())
    if statement not in SETTINGS and not re.fullmatch(r"SET LOCK_TIMEOUT \d+", statement):
        failures.add(f"an unknown setting: {statement}")


def check_file(name, text, failures):
    comments = [line for line in text.splitlines() if line.startswith("--")]
    if not comments or not text.startswith("--"):
        failures.add("no head that says what it is for")
    body = re.sub(r"^\s*--.*$", "", text, flags=re.M).strip()
    if name.startswith("session_"):
        check_session(body, failures)
        return
    plain = check_marks(body, failures)
    if not re.match(r"SELECT\b", plain.strip()):
        failures.add("does not begin with SELECT")
    # Marks grow by less than this: names in brackets, CAST, varbinary(max), the rows of a server.
    longest = len(plain) + sum(len(mark) + 40 for mark in re.findall(r"\{[^{}]*\}", body)
                               if not mark.startswith("{need"))
    if longest >= LONGEST:
        failures.add(f"can be {longest} characters long, {LONGEST} are allowed")
    if "{top}" not in body and name != "columns.sql" and not name.startswith("server_"):
        failures.add("no {top}: unbounded")
    if "{top}" in body and "ORDER BY" not in plain and not UNORDERED.fullmatch(name):
        failures.add("bounded without an order")
    check_words(plain, failures)


# One fault each, which the check has to find: else it could pass everything.
WRONG = {
    "writes": "-- x\nSELECT {top} p.[A] AS [A] FROM {table a.B} p; DELETE FROM {table a.B}",
    "into": "-- x\nSELECT {top} p.[A] AS [A] INTO [x] FROM {table a.B} p ORDER BY p.[A]",
    "calls": "-- x\nEXEC [RtcDeleteResource] @user",
    "bare": "-- x\nSELECT {top} p.Data AS [Data] FROM {table a.B} p ORDER BY p.[A]",
    "glued": "-- x\nSELECT {top} p.[A] + p.[B] AS [A] FROM {table a.B} p ORDER BY p.[A]",
    "literal": "-- x\nSELECT {top} p.[A] AS [A] FROM {table a.B} p WHERE p.[A] = 'x' ORDER BY p.[A]",
    "mark": "-- x\nSELECT {top} {values a.B} AS [A] FROM {table a.B} p ORDER BY p.[A]",
    "open": "-- x\nSELECT {top} {if a.B}p.[A] AS [A] FROM {table a.B} p ORDER BY p.[A]",
    "headless": "SELECT {top} p.[A] AS [A] FROM {table a.B} p ORDER BY p.[A]",
    "unbounded": "-- x\nSELECT p.[A] AS [A] FROM {table a.B} p ORDER BY p.[A]",
    "session_x": "-- x\nSET IDENTITY_INSERT [rtc].[dbo].[Resource] ON",
    "long": "-- x\nSELECT {top} p.[A] AS [A] FROM {table a.B} p ORDER BY" + " p.[A]," * 700 + " p.[A]",
}


def columns_of(text):
    """(those without which it is impossible, all that it mentions) as "rtc.Contact.BuddyId"."""
    tables = {}
    for table, alias in re.findall(r"\{table (\w+\.\w+)\} (\w{1,2})\b", text):
        tables[alias] = table
    needed = set(re.findall(r"\{need (\w+\.\w+\.\w+)\}", text))
    mentioned = needed | set(re.findall(r"\{(?:column|if) (\w+\.\w+\.\w+)", text))
    for alias, column in re.findall(r"\b(\w+)\.\[(\w+)\]", text):
        if alias in tables:
            mentioned.add(f"{tables[alias]}.{column}")
    return needed, mentioned


def report_of(name, reports):
    """orphans_endpoints.sql belongs to the report orphans."""
    name = name[:-4].replace("_", "-")
    fitting = [report for report in reports if name == report or name.startswith(report + "-")]
    return max(fitting, key=len, default=None)


def ask(ocsight, report, servers, work):
    """(exit status, JSON or None, standard error) of a report from a snapshot of these servers."""
    snapshot = write_snapshot(os.path.join(work, "missing.db"), servers)
    done = subprocess.run([ocsight, "db", report, snapshot, "--unproven", "--format", "json"],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120, check=False)
    document = json.loads(done.stdout) if done.stdout else None
    return done.returncode, document, done.stderr.decode("utf-8", "replace")


def check_missing(ocsight, report, needed, mentioned, work, failures):
    """One report over many servers, each without one column, and one that has all."""
    servers = [Server("whole")] + [Server(path, without=[path]) for path in mentioned]
    status, document, problem = ask(ocsight, report, servers, work)
    failures.where = report
    failures.same("exit status", 5 if needed else 0, status)
    answers = {server["server"]: server for server in document["servers"]}
    failures.same("whole", (True, []), (answers["whole"]["answered"], answers["whole"]["absent"]))
    for path in mentioned:
        failures.where = f"{report} without {path}"
        answer = answers[path]
        failures.same("possible", path not in needed, answer["answered"])
        failures.same("named", True, path in (answer["problem"] or "") if path in needed
                      else path in answer["absent"])
        failures.same("on standard error", path in needed, f"{path}: {path} is not" in problem)


def check_missing_alone(ocsight, report, needed, mentioned, work, failures):
    """The same for a report that asks one server another question than several."""
    for path in mentioned:
        failures.where = f"{report} without {path}, one server"
        status, _, problem = ask(ocsight, report, [Server("fe", without=[path])], work)
        failures.same("exit status", 5 if path in needed else 0, status)
        failures.same("on standard error", path in needed, path in problem)


def statements_of(folder, reports):
    """report -> (columns that its statements need, all that they mention)."""
    found = {}
    for name in sorted(os.listdir(folder)):
        report = report_of(name, reports)
        # Asked only where mgc and mgccomp lie apart; check_db.py does.
        if not report or name == "participants_present.sql":
            continue
        with open(os.path.join(folder, name), encoding="ascii") as file:
            needed, mentioned = columns_of(file.read())
        known = found.setdefault(report, (set(), set()))
        known[0].update(needed)
        known[1].update(mentioned)
    return found


def check_reports(tree, ocsight, failures):
    """Returns how many columns were taken away."""
    listed = subprocess.run([ocsight, "db", "list", "--format", "json"], stdout=subprocess.PIPE,
                            check=True).stdout
    reports = [row["report"] for row in json.loads(listed)["rows"]]
    count = 0
    found = statements_of(os.path.join(tree, "sql", "live"), reports)
    with tempfile.TemporaryDirectory() as work:
        for report, (needed, mentioned) in found.items():
            check = check_missing_alone if report == "popularity" else check_missing
            check(ocsight, report, needed, sorted(mentioned), work, failures)
            count += len(mentioned)
    failures.where = ""
    failures.same("reports with a statement", sorted(reports), sorted(found))
    if count < 100:
        failures.add(f"only {count} columns were taken away")
    return count


class Counter(Failures):
    """Counts without printing."""

    def add(self, text):
        self.count += 1


def main():
    folder = os.path.join(sys.argv[1], "sql", "live")
    failures = Failures()
    names = sorted(os.listdir(folder))
    for name in names:
        failures.where = f"sql/live/{name}"
        with open(os.path.join(folder, name), encoding="ascii") as file:
            check_file(name, file.read(), failures)
    for name, text in WRONG.items():
        found = Counter()
        check_file(name + ".sql", text, found)
        failures.where = f"the check itself, {name}"
        failures.same("finds the fault", True, found.count > 0)
    failures.where = ""
    if len(names) < 20:
        failures.add(f"only {len(names)} statements")
    count = check_reports(sys.argv[1], os.path.abspath(sys.argv[2]), failures)
    return failures.finish(f"{len(names)} statements only read; {count} columns were missed")


if __name__ == "__main__":
    sys.exit(main())
