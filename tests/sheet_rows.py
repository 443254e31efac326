"""The sample rows of the tests (tests/tds/data) as a snapshot file, without any server.

    write_snapshot(path, [Server("fe01"), Server("fe02", second=True)])

Made from the DDL and the INSERTs by text, apart from what `ocsight store snapshot` does, so that a
report over it is checked against the rows themselves. Standard library only.
"""
import functools
import os
import re
import sqlite3

HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.path.join(HERE, "tds", "data")
SCHEMA = os.path.join(os.path.dirname(HERE), "sql", "snapshot", "schema.sql")
DATABASES = ("rtc", "rtcdyn", "mgc", "mgccomp")
NOON = 1433149200 * 10**9  # 2015-06-01 09:00:00


class Server:
    """One server of a snapshot. `without`: tables ("mgc.tblNode") and columns
    ("rtc.Contact.SubscribePresence"), or a whole database, that it does not have."""

    def __init__(self, name, second=False, without=(), taken=NOON):
        self.name = name
        self.second = second
        self.without = set(without)
        self.taken = taken


def read(name):
    with open(os.path.join(DATA, name), encoding="utf-8") as file:
        return file.read()


@functools.lru_cache(maxsize=None)
def tables():
    """{"rtc.Resource": [(column, type, length, nullable)]} in the order of the DDL."""
    found = {}
    for database in DATABASES:
        text = re.sub(r"/\*.*?\*/", "", read(database + ".sql"), flags=re.S)
        for table, body in re.findall(r"CREATE TABLE (\w+) \((.*?)\);", text, re.S):
            columns = []
            body = re.sub(r",?\s*PRIMARY KEY \([^)]*\)", "", body)
            for part in body.split(","):
                match = re.match(r"\s*\[?(\w+)\]?\s+(\w+)(?:\((\w+)\))?(.*)", part, re.S)
                name, kind, length, rest = match.groups()
                size = -1 if length == "max" else int(length) if length else None
                columns.append((name, kind, size, "NOT NULL" not in rest.upper()
                                and "PRIMARY" not in rest.upper()))
            found[f"{database}.{table}"] = columns
    return found


def statements(text):
    """The statements of a file: at line ends with a semicolon."""
    return [part for part in re.split(r";[ \t]*(?:\n|$)", text) if part.strip()]


def for_sqlite(statement, known):
    """What the rows files hold of T-SQL, as SQLite takes it."""
    def cast(match):
        return f"CAST({match.group(1)} AS BLOB)"

    statement = re.sub(r"^(\s*--.*\n)+", "", statement)
    statement = re.sub(r"\bN'", "'", statement)
    statement = re.sub(r"\b0x([0-9A-Fa-f]+)\b", r"X'\1'", statement)
    for _ in range(2):
        statement = re.sub(r"CAST\(((?:'(?:[^']|'')*')|(?:CAST\('(?:[^']|'')*' AS BLOB\))) "
                           r"AS (?:varbinary\(\w+\)|image)\)", cast, statement)
    match = re.match(r"\s*INSERT INTO (\w+)\.dbo\.(\w+)\s*(\([^)]*\))?\s*VALUES", statement)
    if match:
        path = f"{match.group(1)}.{match.group(2)}"
        columns = match.group(3) or "(" + ",".join(f"[{c[0]}]" for c in known[path]) + ")"
        return f"INSERT INTO [{path}] {columns} VALUES" + statement[match.end():]
    return re.sub(r"\b(\w+)\.dbo\.(\w+)\b", r"[\1.\2]", statement)


@functools.lru_cache(maxsize=None)
def fill(second):
    """A SQLite database in memory with one server's rows."""
    known = tables()
    rows = sqlite3.connect(":memory:")
    for path, columns in known.items():
        rows.execute(f"CREATE TABLE [{path}] (" +
                     ", ".join(f"[{c[0]}] {c[1]}" for c in columns) + ")")
    texts = [read("rows.sql")] + ([read("front_end_2.sql")] if second else [])
    for text in texts:
        for statement in statements(text):
            rows.execute(for_sqlite(statement, known))
    return rows


def value_of(kind, value):
    """Date-times as a snapshot holds them."""
    if kind in ("datetime", "datetime2", "smalldatetime") and value is not None:
        return value.replace(" ", "T") + ".000"
    return value


def has(server, path, column=None):
    names = {path.partition(".")[0], path} | ({f"{path}.{column}"} if column else set())
    return not names & server.without


def write_server(snapshot, number, server, known):
    rows = fill(server.second)
    snapshot.execute("INSERT INTO snapshot (server, name, taken, ended, complete, version, "
                     "max_rows) VALUES (?, ?, ?, ?, 1, 'test', 0)",
                     (number, server.name, server.taken, server.taken))
    for path, columns in known.items():
        shown = [c for c in columns if has(server, path, c[0])]
        if not has(server, path) or not shown:
            continue
        database, table = path.split(".")
        for place, (name, kind, length, nullable) in enumerate(shown, 1):
            snapshot.execute("INSERT INTO snapshot_column VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1)",
                             (number, database, table, name, kind, length,
                              "YES" if nullable else "NO", place))
        names = ", ".join(f"[{c[0]}]" for c in shown)
        places = ", ".join("?" * (len(shown) + 1))
        for row in rows.execute(f"SELECT {names} FROM [{path}]"):
            values = [value_of(c[1], value) for c, value in zip(shown, row)]
            snapshot.execute(f"INSERT INTO [{path}] ([@server], {names}) VALUES ({places})",
                             [number, *values])


def write_snapshot(path, servers):
    known = tables()
    if os.path.exists(path):
        os.unlink(path)
    snapshot = sqlite3.connect(path)
    # A file of a test need not outlive a crash: else each of its tables waits for the disk.
    snapshot.execute("PRAGMA synchronous = OFF")
    snapshot.execute("PRAGMA journal_mode = MEMORY")
    with open(SCHEMA, encoding="utf-8") as file:
        snapshot.executescript(file.read())
    for name, columns in known.items():
        shown = [c for c in columns if any(has(server, name, c[0]) for server in servers)]
        snapshot.execute(f"CREATE TABLE [{name}] ([@server] INTEGER NOT NULL" +
                         "".join(f", [{c[0]}] {c[1]}" for c in shown) + ")")
    for number, server in enumerate(servers, 1):
        write_server(snapshot, number, server, known)
    snapshot.commit()
    snapshot.close()
    return path
