#!/usr/bin/env python3
"""Every command that the README and the help show works, and prints what the README shows.

    check_readme.py OCSIGHT SOURCE-TREE FOLDER-OF-RENDERED-SAMPLES TDS-SERVER

A ```console block of the README is a list of commands; where lines follow a command, they
are its whole output. Each command's help ends in two examples that must run as well.

The servers fe01\\RTCLOCAL and fe02\\RTCLOCAL are servers of the tests, with a SQL login; pool.db
is a snapshot of the first.
"""
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

from sampling import Failures
from sheet_rows import Server, write_snapshot
from tds_peer import FRONT_END_2, PASSWORD, Peer


def console_commands(readme):
    """(command line, expected output or None) of every console block."""
    with open(readme, encoding="utf-8") as file:
        blocks = re.findall(r"```console\n(.*?)```", file.read(), re.S)
    for block in blocks:
        for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
            line, _, output = part.partition("\n")
            yield line, output if output.strip() else None


def help_examples(ocsight):
    listing = subprocess.run([ocsight, "help"], stdout=subprocess.PIPE, check=True).stdout.decode()
    names = re.findall(r"^  ([a-z]+) +\S", listing.partition("Commands:")[2], re.M)
    for name in names:
        text = subprocess.run([ocsight, "help", name], stdout=subprocess.PIPE, check=True)
        examples = re.findall(r"^  (ocsight .*)$", text.stdout.decode().partition("Examples:")[2],
                              re.M)
        yield name, examples


def run_line(ocsight, line, folder, servers):
    words = [ocsight if word == "ocsight" else servers.get(word, word)
             for word in shlex.split(line)]
    if "--server" in words:
        words += ["--login", "reader", "--encrypt", "off", "--allow-plaintext-login"]
    done = subprocess.run(words, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          timeout=120, env=dict(os.environ, OCSIGHT_PASSWORD=PASSWORD))
    return done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8", "replace")


def check_line(ocsight, line, expected, folder, servers, failures):
    failures.where = line
    status, out, err = run_line(ocsight, line, folder, servers)
    if status not in (0, 1):
        failures.add(f"exit status {status}: {err.strip()}")
    if err:
        failures.add(f"prints on standard error: {err.strip()}")
    if expected is not None and out.rstrip() != expected.rstrip():
        failures.add(f"prints\n{out}\nbut the README shows\n{expected}")


def check_lines(ocsight, tree, work, servers, failures):
    count = 0
    for line, expected in console_commands(os.path.join(tree, "README.md")):
        check_line(ocsight, line, expected, work, servers, failures)
        count += 1
    for name, examples in help_examples(ocsight):
        failures.where = f"help {name}"
        failures.same("number of examples", 2, len(examples))
        for line in examples:
            check_line(ocsight, line, None, work, servers, failures)
            count += 1
    return count


def main():
    ocsight, tree, samples, tds_server = (os.path.abspath(path) for path in sys.argv[1:5])
    failures = Failures()
    with tempfile.TemporaryDirectory() as work, Peer(tds_server) as first, \
            Peer(tds_server, "--sql", FRONT_END_2) as second:
        for name in os.listdir(samples):
            if name.endswith(".pcap"):
                shutil.copy(os.path.join(samples, name), work)
        servers = {"fe01\\RTCLOCAL": first.name, "fe02\\RTCLOCAL": second.name}
        write_snapshot(os.path.join(work, "pool.db"), [Server("fe01\\RTCLOCAL")])
        count = check_lines(ocsight, tree, work, servers, failures)
    failures.where = ""
    if count < 20:
        failures.add(f"only {count} commands were found")
    return failures.finish(f"{count} commands of the README and the help work")


if __name__ == "__main__":
    sys.exit(main())
