#!/usr/bin/env python3
"""What `cmake --install` and the package leave on a machine, and that shells can use it.

    check_install.py CMAKE CPACK BUILD-FOLDER

Installs into a folder of its own, asks bash and zsh to complete command lines with the
installed files, and looks into the .deb that CPack makes.
"""
import os
import pty
import re
import select
import subprocess
import sys
import tempfile
import time

from sampling import Failures

FILES = ["bin/ocsight", "share/man/man1/ocsight.1",
         "share/bash-completion/completions/ocsight", "share/zsh/vendor-completions/_ocsight"]

# What is typed, and words that must, and must not, be offered.
LINES = [
    ("ocsight au", ["audit"], ["ladder", "chat"]),
    ("ocsight audit --no-r", ["--no-rule"], ["--rule", "--paper"]),
    ("ocsight audit --rule coverage-cl", ["coverage-clock"], ["coverage-gap"]),
    ("ocsight ladder --paper l", ["letter", "long"], ["a4"]),
    ("ocsight audit --format ma", ["markdown"], ["html"]),
    ("ocsight annotate --only d", ["dialog"], ["finding"]),
    ("ocsight ladder --flow group-chat-j", ["group-chat-join-post"], ["presence-poll"]),
    ("ocsight rules sip-d", ["sip-diagnostics"], ["sip-request-unanswered"]),
    ("ocsight help me", ["messages"], ["audit"]),
]


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, check=True, **options).stdout


def bash_offers(script, line):
    words = line.split(" ")
    array = " ".join(f"'{word}'" for word in words)
    program = (f"source {script}; COMP_WORDS=({array}); COMP_CWORD={len(words) - 1}; _ocsight; "
               "printf '%s\\n' \"${COMPREPLY[@]}\"")
    return run("bash", "--norc", "-c", program).split()


class Zsh:
    """An interactive shell, since only that completes."""

    def __init__(self, folder):
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM="dumb", PS1="> ", COLUMNS="400")
            os.execvp("zsh", ["zsh", "-f", "-i"])
        setup = (f"fpath=({folder} $fpath); autoload -Uz compinit; compinit -u -D; "
                 "setopt no_beep list_ambiguous; LISTMAX=1000; PS1='> '; print rea''dy\n")
        self.send(setup)
        self.read_until("ready")

    def send(self, text):
        os.write(self.terminal, text.encode())

    def read_until(self, mark, seconds=20):
        text = ""
        end = time.monotonic() + seconds
        while mark not in text and time.monotonic() < end:
            if select.select([self.terminal], [], [], 0.1)[0]:
                text += os.read(self.terminal, 65536).decode(errors="replace")
        return text

    def offers(self, line):
        """The line as completed and what was listed below it."""
        self.read_until("\0", 0.3)
        self.send(line + "\t\t")
        shown = self.read_until("\0", 2)
        self.send("\x15print en''d\n")
        self.read_until("end")
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\r|\x07", "", shown)


def check_shells(failures, prefix):
    script = f"{prefix}/share/bash-completion/completions/ocsight"
    zsh = Zsh(f"{prefix}/share/zsh/vendor-completions")
    for line, wanted, unwanted in LINES:
        offers = {"bash": bash_offers(script, line),
                  "zsh": re.split(r"[\s]+", zsh.offers(line))}
        for shell, words in offers.items():
            for word in wanted:
                if word not in words:
                    failures.add(f"{shell}: '{line}' does not offer {word}: {words}")
            for word in unwanted:
                if word in words:
                    failures.add(f"{shell}: '{line}' offers {word}")


def check_package(failures, cpack, build, folder):
    run(cpack, "-G", "DEB", "-B", folder, "--config", f"{build}/CPackConfig.cmake")
    package = next(name for name in os.listdir(folder) if name.endswith(".deb"))
    listing = run("dpkg-deb", "-c", f"{folder}/{package}")
    for name in FILES:
        if not re.search(rf" \./usr/{re.escape(name)}$", listing, re.M):
            failures.add(f"{package} has no /usr/{name}")
    depends = run("dpkg-deb", "-f", f"{folder}/{package}", "Depends")
    for library in ["libpcap", "libxml2", "libcairo"]:
        if library not in depends:
            failures.add(f"{package} does not depend on {library}: {depends}")


def main():
    cmake, cpack, build = sys.argv[1:4]
    failures = Failures()
    with tempfile.TemporaryDirectory() as work:
        prefix = f"{work}/prefix"
        run(cmake, "--install", build, "--prefix", prefix)
        for name in FILES:
            if not os.path.exists(f"{prefix}/{name}"):
                failures.add(f"{name} is not installed")
        run(f"{prefix}/bin/ocsight", "--version")
        check_shells(failures, prefix)
        check_package(failures, cpack, build, f"{work}/package")
    sys.exit(failures.finish("installed, completed by bash and zsh, packaged"))


if __name__ == "__main__":
    main()
