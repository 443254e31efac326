#!/usr/bin/env python3
"""The HTML page, as it is written and as a browser shows it.

    check_page.py OCSIGHT RENDER-SAMPLE [--shots FOLDER]

First without a browser: the scripts and the style are those that the content security policy
names, nothing refers to anything outside the file, the data are JSON without markup. Then one
session of headless Chromium opens pages from disk and uses them: filters, search, keys, the panel,
both themes, a hostile capture, 20,000 arrows. A message on the browser's console, and a request
for anything but the page itself, is a failure.

Needs chromium and its driver (or Google Chrome's) and python3-selenium. Where there are none the
test fails, unless OCSIGHT_ALLOW_SKIP names chromium. --shots keeps pictures of both themes.
"""
import argparse
import base64
import hashlib
import html
import html.parser
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

import chat_wire
from sampling import Failures, talk_path
from sheet_rows import Server, write_snapshot

try:
    from selenium import webdriver
    from selenium.webdriver.chrome.options import Options
    from selenium.webdriver.chrome.service import Service
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys
    from selenium.webdriver.support.ui import Select
except ImportError:
    # The package is the distribution's; another python3 may stand before its own in PATH.
    if sys.executable != "/usr/bin/python3" and os.path.exists("/usr/bin/python3"):
        os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])
    webdriver = None

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DRIVERS = ("chromedriver", "chromium.chromedriver", "/usr/lib/chromium-browser/chromedriver")

MANY = 20000
ROWS = 400       # that are in the document at once, at most
LAYOUTS = 12     # that the browser makes until a page is open, at most


# ---- the file itself ----

class Page(html.parser.HTMLParser):
    """The elements of a page with their attributes, and the texts of scripts and styles."""

    def __init__(self, path):
        super().__init__(convert_charrefs=True)
        self.elements = []
        self.open = None
        self.parts = []  # (tag, attributes, text)
        self.title = ""
        with open(path, "rb") as file:
            self.text = file.read().decode("utf-8")  # strict: a page is valid UTF-8
        self.feed(self.text)
        self.close()
        self.data = json.loads(self.scripts("data")[0])
        self.data["rows"] = [self.row(cells) for cells in self.data["rows"]]

    def row(self, cells):
        """What a row says: not what is empty or false."""
        words, values, flags = (self.data["columns"][key] for key in ("words", "values", "flags"))
        texts = [self.data["words"][cell - 1] if cell else "" for cell in cells[:len(words)]]
        bits = [cells[-1] >> bit & 1 for bit in range(len(flags))]
        said = dict(zip(words + values + flags, texts + cells[len(words):-1] + bits))
        return {key: value for key, value in said.items()
                if value or value == 0 and key in ("from", "to", "us", "band", "input")}

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag in ("script", "style", "title"):
            self.open = (tag, dict(attrs), [])

    def handle_data(self, data):
        if self.open:
            self.open[2].append(data)

    def handle_endtag(self, tag):
        if self.open and self.open[0] == tag:
            self.parts.append((tag, self.open[1], "".join(self.open[2])))
            self.open = None

    def scripts(self, prefix):
        return [text for tag, attributes, text in self.parts
                if tag == "script" and attributes.get("type") == "application/json" and
                attributes["id"].startswith(prefix)]

    def code(self, tag):
        return [text for name, attributes, text in self.parts
                if name == tag and "type" not in attributes]

    def messages(self):
        return ["\n".join(block["lines"][line - 1] if line else "" for line in text)
                for block in map(json.loads, self.scripts("messages-")) for text in block["texts"]]


def digest_of(text):
    return "'sha256-%s'" % base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def check_file(page, failures):
    policy = next(attributes["content"] for tag, attributes in page.elements
                  if attributes.get("http-equiv") == "Content-Security-Policy")
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    scripts, styles = page.code("script"), page.code("style")
    failures.same("policy", {
        "default-src": "'none'", "base-uri": "'none'", "form-action": "'none'",
        "script-src": digest_of(scripts[0]), "style-src": digest_of(styles[0])}, rules)
    failures.same("own scripts and styles", (1, 1), (len(scripts), len(styles)))
    for tag, attributes in page.elements:
        for name in attributes:
            if name.startswith("on") or name in ("src", "href", "srcset", "action", "style"):
                failures.add(f"<{tag}> has {name}")
    for text in page.scripts(""):
        if re.search("[<>&\u2028\u2029]", text):
            failures.add("markup in the data")
    for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(",
                 "http:", "https:", "localStorage", "fetch("):
        if word in scripts[0].replace("http://www.w3.org/2000/svg", ""):
            failures.add(f"the script says {word}")
    texts = sum(1 for row in page.data["rows"] if row.get("text"))
    failures.same("messages in full", texts, len(page.messages()))


# ---- pages ----

HOSTILE_NAMES = [
    "</script><script>window.ran=1</script>", "<img src=x onerror=window.ran=2>",
    "\"'><svg onload=window.ran=3>", "<!--<script>", "]]>&lt;&amp;&#60;", "a\u2028b\u2029c",
    "\u202egpj.exe\u2066x", "javascript:window.ran=4", "${window.ran=5}`", "\\u003cscript\\u003e",
]
SCRIPTS = ["운영실 한국어", "غرفة العمليات", "חדר מצב", "नमस्ते e\u0301", "🌉👩‍👩‍👧 emoji"]


def xml_of(text):
    return html.escape(text, quote=True)


class Attacker(chat_wire.Client):
    """Puts its texts where a page may show them: addresses, reasons, room names, posts."""

    def rename(self, user):
        self.user = user

    def room(self, number, name):
        self.command("bjoin", '<chanid key="0" domain="contoso.example" value="%s"/>' %
                     chat_wire.room_id(number),
                     '<uib id="0" uri="sip:%s"/><chanib uri="%s" name="%s"/>' % (
                         "eve@contoso.example", chat_wire.room_uri(number), xml_of(name)))


def write_hostile(path):
    capture = chat_wire.Capture()
    clients = [Attacker(capture, number) for number in range(1, 1 + len(HOSTILE_NAMES))]
    for number, (client, name) in enumerate(zip(clients, HOSTILE_NAMES), 1):
        capture.wait(1)
        client.room(number, name)
        client.post(number, xml_of(name))
        client.info(True, b"\0\xff\xfe<script>window.ran=6</script>\xed\xa0\x80", kind="text/html")
        client.info(True, "</SCRIPT >", status="488 <img src=x onerror=window.ran=7>")
        client.rename(name + "@contoso.example")
        client.info(True, "renamed")
    for number, name in enumerate(SCRIPTS, 100):
        clients[0].room(number, name)
        clients[0].post(number, name)
    capture.write(path)


class Pages:
    """Captures and their pages in one folder."""

    def __init__(self, ocsight, render, folder):
        self.ocsight, self.render, self.folder = ocsight, render, folder
        self.seconds = {}

    def capture(self, name, sample, *options):
        path = os.path.join(self.folder, name + ".pcap")
        subprocess.run([self.render, *options, talk_path(sample), path], check=True)
        return path

    def write(self, name, command, capture, *options):
        path = os.path.join(self.folder, name + ".html")
        begun = time.monotonic()
        done = subprocess.run([self.ocsight, command, capture, "-o", path, *options])
        self.seconds[name] = time.monotonic() - begun
        if done.returncode not in (0, 1):
            raise SystemExit(f"{command} {capture}: exit status {done.returncode}")
        return path


# ---- the browser ----

def find_program(names):
    return next((path for path in map(shutil.which, names) if path), None)


# Before any script of a page: the elements that it makes are counted.
COUNTER = """
  window.made = 0;
  for (const name of ['createElement', 'createElementNS']) {
    const make = Document.prototype[name];
    Document.prototype[name] = function (...rest) {
      window.made += 1;
      return make.apply(this, rest);
    };
  }"""


class Browser:
    def __init__(self, failures):
        options = Options()
        options.binary_location = find_program(BROWSERS)
        for argument in ("--headless=new", "--no-sandbox", "--disable-gpu",
                         "--disable-dev-shm-usage", "--force-device-scale-factor=1"):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(service=Service(find_program(DRIVERS)), options=options)
        self.failures = failures
        self.driver.execute_cdp_cmd("Performance.enable", {})
        self.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": COUNTER})
        self.size(1280, 900)

    def size(self, width, height):
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})

    def theme(self, name):
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {
            "features": [{"name": "prefers-color-scheme", "value": name}]})

    def open(self, path):
        """Seconds until the first rows or findings are on the screen."""
        begun = time.monotonic()
        self.driver.get("file://" + path)
        self.settle()
        return time.monotonic() - begun

    def layouts(self):
        """How often this page was laid out until now."""
        metrics = self.driver.execute_cdp_cmd("Performance.getMetrics", {})["metrics"]
        return next(int(each["value"]) for each in metrics if each["name"] == "LayoutCount")

    def run(self, code, *arguments):
        return self.driver.execute_script(code, *arguments)

    def settle(self):
        """Two frames: what was asked for is drawn."""
        self.driver.execute_async_script(
            "const done = arguments[0];"
            "requestAnimationFrame(() => requestAnimationFrame(() => done()));")

    def find(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def keys(self, *keys):
        self.driver.switch_to.active_element.send_keys(*keys)
        self.settle()

    def selected(self):
        """The row that is chosen, as its index in the data."""
        rows = self.find('.row[aria-selected="true"]')
        return int(rows[0].get_attribute("id").split("-")[1]) if rows else None

    def lines(self):
        return self.run("return ladder.lines.filter((line) => line >= 0)")

    def quiet(self, path):
        """Nothing was said on the console and nothing else was loaded."""
        for entry in self.driver.get_log("browser"):
            self.failures.add(f"console: {entry['message']}")
        loaded = {}
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            known = message.get("params", {})
            if message["method"] == "Network.requestWillBeSent":
                loaded[known["requestId"]] = known["request"]["url"]
            elif known.get("blockedReason") == "csp":
                loaded.pop(known["requestId"], None)
        for url in loaded.values():
            if url != "file://" + path:
                self.failures.add(f"request: {url}")

    def shot(self, folder, name):
        if folder:
            self.settle()
            self.driver.save_screenshot(os.path.join(folder, name + ".png"))


# ---- what is used ----

def rows_of(data, test):
    """Indices of shown rows that pass, with the presence that passing messages changed."""
    rows = data["rows"]
    chosen = {i for i, row in enumerate(rows) if test(row)}
    causes = {rows[i]["id"] for i in chosen if "kind" not in rows[i] and rows[i].get("id")}
    chosen |= {i for i, row in enumerate(rows)
               if row.get("kind") == "presence" and row.get("id") in causes}
    return sorted(i for i in chosen if rows[i].get("kind") != "presence" or "from" in rows[i])


def expected_rows(data, key, value):
    rows = data["rows"]
    messages = [row for row in rows if "kind" not in row]
    if key == "user":
        return rows_of(data, lambda row: value in (row.get("sender"), row.get("receiver")))
    if key == "dialog":
        return rows_of(data, lambda row: row.get("dialog") == int(value))
    if key == "method":
        return rows_of(data, lambda row: "kind" not in row and row.get("method") == value)
    if key == "room":
        exchanges = {row["transaction"] for row in messages if row.get("room") == value}
        return rows_of(data, lambda row: row.get("transaction") in exchanges)
    finding = next(each for each in data["findings"] if each["id"] == int(value))
    records = {(each["input"], each["record"]) for each in finding["evidence"]}
    proof = [row for row in messages if (row.get("input"), row.get("record")) in records]
    dialogs = {row["dialog"] for row in proof if row.get("dialog")}
    exchanges = {row["transaction"] for row in proof}
    return rows_of(data, lambda row: "kind" not in row and (
        row.get("dialog") in dialogs or row.get("transaction") in exchanges))


def check_filters(browser, data, failures):
    everything = browser.lines()
    for key in ("user", "dialog", "method", "room", "finding"):
        values = browser.run("const choice = document.getElementById(arguments[0]);"
                             "choice.focus();"
                             "return [...choice.options].map((option) => option.value)",
                             f"by-{key}")
        if len(values) < 2:
            failures.add(f"nothing to filter by {key}")
            continue
        for value in values[1:3]:
            Select(browser.one(f"#by-{key}")).select_by_value(value)
            failures.same(f"{key} {value}", expected_rows(data, key, value), browser.lines())
        browser.one("#clear").click()
        failures.same(f"all after {key}", everything, browser.lines())


def check_search(browser, page, failures):
    data, texts = page.data, iter(page.messages())
    fields = ("title", "meaning", "step", "sender", "receiver", "call_id", "packet", "room", "time")
    said = ["\n".join([row.get(field, "") for field in fields] +
                      ([next(texts)] if row.get("text") else [])).lower() for row in data["rows"]]
    wanted = [i for i in browser.lines() if "invite" in said[i]]
    browser.keys("/")
    browser.keys("InVite", Keys.ENTER)
    failures.same("first match", wanted[0], browser.selected())
    failures.same("matches", f"1 of {len(wanted)}", browser.one("#search-count").text)
    browser.keys(Keys.ENTER)
    failures.same("second match", wanted[1], browser.selected())
    browser.keys(Keys.SHIFT, Keys.ENTER)
    failures.same("match before", wanted[0], browser.selected())
    browser.one("#search-texts").click()
    failures.same("without the messages", True,
                  int(browser.one("#search-count").text.split()[-1]) < len(wanted))
    browser.one("#search-texts").click()
    browser.one("#search").click()
    browser.keys(Keys.ESCAPE)
    failures.same("search given up", "", browser.one("#search-count").text)


def check_panel(browser, page, failures):
    """Each of some arrows shows its own message."""
    texts = iter(page.messages())
    rows = [(i, next(texts) if row.get("text") else None)
            for i, row in enumerate(page.data["rows"])]
    for index, text in [row for row in rows if row[1]][:4]:
        browser.run("bringIntoSight(arguments[0]); draw()", index)
        browser.one(f"#row-{index} .label").click()
        browser.settle()
        failures.same("chosen by a click", index, browser.selected())
        lines = browser.run("return [...document.querySelectorAll('.panel .line')]"
                            ".map((line) => line.textContent)")
        failures.same("text in the panel", text.rstrip("\n"), "\n".join(lines))
    credentials = [i for i, text in rows if text and "\nAuthorization:" in text]
    browser.run("goToRow(arguments[0])", credentials[0])
    shown = browser.one(".panel .text").text
    if "0100000000000000" in shown or "bm90IGEgcmVhbCBhbnN3ZXI" in shown:
        failures.add("a secret in the panel")
    browser.keys(Keys.ESCAPE)
    failures.same("panel closed", False, browser.one("#panel").is_displayed())


def check_keys(browser, data, failures):
    shown = browser.lines()
    marked = sorted({row for _, row in data["places"]} & set(shown))
    browser.run("ladder.rows.focus()")
    browser.keys(Keys.HOME)
    failures.same("Home", shown[0], browser.selected())
    browser.keys("j", Keys.ARROW_DOWN)
    failures.same("j and down", shown[2], browser.selected())
    browser.keys("k")
    failures.same("k", shown[1], browser.selected())
    browser.keys(Keys.END)
    failures.same("End", shown[-1], browser.selected())
    browser.keys(Keys.HOME, "n")
    failures.same("n", [row for row in marked if row > shown[0]][0], browser.selected())
    browser.keys("n", "p")
    failures.same("n, p", [row for row in marked if row > shown[0]][0], browser.selected())
    browser.keys(Keys.ENTER)
    failures.same("Enter", True, browser.one("#panel").is_displayed())
    browser.keys("d")
    dialog = data["rows"][browser.selected()]["dialog"]
    failures.same("d", expected_rows(data, "dialog", dialog), browser.lines())
    browser.keys(Keys.ESCAPE, Keys.ESCAPE)
    failures.same("Escape twice", (False, shown), (browser.one("#panel").is_displayed(),
                                                   browser.lines()))
    browser.keys("?")
    failures.same("?", True, browser.one("#help").is_displayed())
    browser.keys(Keys.ESCAPE)
    failures.same("help closed", False, browser.one("#help").is_displayed())
    browser.keys("v")
    failures.same("v", True, browser.one("#report").is_displayed())
    browser.keys("v")
    failures.same("v again", True, browser.one("#ladder").is_displayed())


# Text that is seen, and stands on its ground with less than 4.5 to 1 (WCAG 2.2, 1.4.3).
PALE = """
  const parts = (colour) => (colour.match(/[\\d.]+/g) || []).map(Number);
  const light = (colour) => parts(colour).slice(0, 3).map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (node) => {
    for (; node; node = node.parentElement) {
      const colour = getComputedStyle(node).backgroundColor;
      if (parts(colour)[3] !== 0) {
        return colour;
      }
    }
  };
  const pale = {};
  for (const node of document.querySelectorAll('body *')) {
    const says = [...node.childNodes]
      .some((child) => child.nodeType === Node.TEXT_NODE && child.textContent.trim());
    if (!says || node.disabled || !node.checkVisibility() || node.tagName === 'OPTION') {
      continue;
    }
    const pair = [light(getComputedStyle(node).color), light(ground(node))];
    const contrast = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
    if (contrast < 4.5) {
      pale[`${node.tagName} ${node.className}`] = Math.round(contrast * 100) / 100;
    }
  }
  return [pale, document.querySelectorAll('body *').length];"""

# What a page can look like.
STATES = (
    "",
    "goToRow(ladder.lines.find((line) => data.rows[line] && data.rows[line].failed))",
    "document.getElementById('search').value = 'a'; applySearch()",
    "filter.user = data.rows[0].sender; applyFilter()",
    "showView('report')",
    "showHelp()",
)


def check_themes(browser, path, shots, name, failures):
    grounds = set()
    for theme in ("light", "dark"):
        browser.theme(theme)
        browser.open(path)
        failures.same("theme", theme, browser.run("return document.documentElement.dataset.theme"))
        grounds.add(browser.run("return getComputedStyle(document.body).backgroundColor"))
        for state in STATES:
            browser.run(state)
            browser.settle()
            pale, count = browser.run(PALE)
            failures.same(f"{theme}: pale text after {state}", {}, pale)
            failures.same("there is text", True, count > 300)
        browser.open(path)
        for width in (1280, 800) if shots else ():
            browser.size(width, 900)
            browser.shot(shots, f"{name}-{theme}-{width}")
        browser.size(1280, 900)
    failures.same("grounds", 2, len(grounds))
    browser.keys("t")
    failures.same("switched", "light", browser.run("return document.documentElement.dataset.theme"))
    browser.theme("light")


def check_layout(browser, failures):
    """No label leaves the lanes, and no label covers another row's."""
    bad = browser.run("""
      const lanes = lanesWidth();
      return [...document.querySelectorAll('.label, .pill, .between')].filter((label) => {
        const left = label.offsetLeft;
        const tall = label.offsetTop + label.offsetHeight > label.closest('.row').offsetHeight + 10;
        return left < 0 || left + label.offsetWidth > lanes + 1 || tall;
      }).map((label) => label.textContent)""")
    failures.same("labels out of place", [], bad)


def check_cut(browser, failures):
    """A page does not list more than a browser can lay out, and a filter reaches the others."""
    everything = browser.lines()
    browser.run("data.most = 20; applyFilter()")
    first = browser.lines()
    failures.same("the first lines", everything[:len(first)], first)
    failures.same("said", f"{len(first)} of {len(everything)} rows", browser.one("#shown").text)
    last = browser.run("return data.dialogs[data.dialogs.length - 1].id")
    browser.run("filter.dialog = String(arguments[0]); applyFilter()", last)
    failures.same("reached", True, browser.lines()[-1] > first[-1])
    browser.run("data.most = Infinity; clearFilter()")


HEADS = """
  const row = document.querySelector('.row.message .lanes').getBoundingClientRect();
  const box = ladder.box.getBoundingClientRect();
  const heads = [...document.querySelectorAll('.heads .head')].map((head, i) => {
    const at = head.getBoundingClientRect();
    return Math.abs((at.left + at.right) / 2 - row.left - laneX(ladder.lanes[i]));
  });
  const stays = ladder.heads.getBoundingClientRect().top - box.top;
  const corner = document.querySelector('.corner').getBoundingClientRect();
  const when = document.querySelector('.row.message .when').getBoundingClientRect();
  return [Math.max(...heads), Math.abs(stays), Math.abs(corner.left - box.left),
    Math.abs(when.left - box.left), document.documentElement.scrollWidth - innerWidth];"""


def check_heads(browser, failures):
    """Wherever it is scrolled to, heads stand above their lanes, and times at the left."""
    for width, height in ((1280, 800), (800, 600), (500, 600)):
        browser.size(width, height)
        for left, top in ((0, 0), (777, 4000), (100000, 100000)):
            browser.settle()
            browser.run("ladder.box.scrollTo(arguments[0], arguments[1])", left, top)
            browser.settle()
            apart = browser.run(HEADS)
            failures.same(f"heads at {width}, {left}, {top}", [True] * 5,
                          [each <= 1 for each in apart])
    browser.size(1280, 900)
    browser.settle()


def check_names(browser, failures):
    """Every row has a name to be read aloud, and the list says which row is meant."""
    browser.run("ladder.rows.focus(); selectEnd(false)")
    active = browser.one("#rows").get_attribute("aria-activedescendant")
    failures.same("active row", f"row-{browser.selected()}", active)
    nameless = browser.run("return [...document.querySelectorAll('[role=option], button, select, "
                           "input')].filter((each) => !(each.getAttribute('aria-label') || "
                           "each.textContent.trim() || each.closest('label'))).length")
    failures.same("elements without a name", 0, nameless)


TABBED = ["tab-ladder", "theme", "help-open", "search", "search-previous", "search-next",
          "search-texts", "by-user", "by-dialog", "by-method", "by-room", "by-finding", "rows"]


def check_tabbing(browser, failures):
    """The key Tab goes through everything once, and where it is can be seen."""
    browser.run("document.activeElement.blur(); document.getElementById(arguments[0]).focus()",
                TABBED[0])
    walked = []
    for _ in TABBED:
        walked.append(browser.run("""
          const at = document.activeElement;
          const ring = getComputedStyle(at).outlineStyle !== 'none' ||
            getComputedStyle(ladder.heads).boxShadow !== 'none';
          return ring ? at.id : `${at.id} is not seen`;"""))
        browser.keys(Keys.TAB)
    failures.same("tabbed through", TABBED, walked)


def check_audit(browser, page, failures):
    data = page.data
    failures.same("findings first", True, browser.one("#report").is_displayed())
    shown = [element.get_attribute("data-finding")
             for element in browser.find("#findings .finding")]
    order = {"error": 0, "warning": 1, "note": 2}
    ranked = sorted(data["findings"], key=lambda each: (order[each["severity"]], each["id"]))
    failures.same("findings", [str(each["id"]) for each in ranked], shown)
    browser.one(".verdict .warning").click()
    failures.same("only warnings", sum(each["severity"] == "warning" for each in ranked),
                  len(browser.find("#findings .finding")))
    browser.one(".verdict .warning").click()
    record = ranked[0]["evidence"][0]["record"]
    browser.one("#findings .evidence button").click()
    browser.settle()
    failures.same("ladder behind the evidence", True, browser.one("#ladder").is_displayed())
    failures.same("its packet", record, data["rows"][browser.selected()]["record"])


def check_compared(browser, page, failures):
    """Beside an audit that lacked two of the findings and had one that is gone."""
    found = page.data["findings"]
    marks = {str(each["id"]): each["baseline"] for each in found}
    failures.same("marks", 2, list(marks.values()).count("new"))
    for mark in ("new", "same"):
        browser.one(f".by-mark .{mark}").click()
        shown = {each.get_attribute("data-finding") for each in browser.find("#findings .finding")}
        failures.same(mark, {key for key, value in marks.items() if value == mark}, shown)
        failures.same(f"called {mark}", {mark},
                      {each.text for each in browser.find("#findings .mark")})
    browser.one(".by-severity .note").click()
    browser.one(".by-mark .gone").click()
    failures.same("no note is gone", [], browser.find("#findings .finding"))
    browser.one(".by-severity .note").click()
    failures.same("what is gone", ["<i>was wrong once"],
                  [each.text for each in browser.find("#findings .finding.gone .said")])
    browser.one(".by-mark .gone").click()
    failures.same("all", len(found) + 1, len(browser.find("#findings .finding")))


def check_folded(browser, page, failures):
    """What is folded says what it was, and is no retransmission; the lanes say their roles."""
    failures.same("words of the choice", "only dialog 2", browser.one("#choice").text.lower())
    roles = [each.text for each in browser.find(".head .role") if each.text.strip()]
    failures.same("roles", ["front end"], roles)
    folded = [i for i, row in enumerate(page.data["rows"]) if row.get("kind") == "folded"]
    failures.same("something is folded", True, len(folded) > 0)
    browser.run("goToRow(arguments[0])", folded[0])
    browser.settle()
    failures.same("its words", page.data["rows"][folded[0]]["title"],
                  browser.one("#panel h2").text)
    failures.same("no repeats", [], browser.find(f"#row-{folded[0]} .repeats"))


def check_rows(browser, page, failures):
    """Of database rows there are findings, and no ladder."""
    failures.same("findings", len(page.data["findings"]), len(browser.find("#findings .finding")))
    failures.same("nowhere to jump", [], browser.find(".evidence button"))
    browser.keys("v")
    failures.same("no ladder", True, browser.one("#report").is_displayed())
    first = page.data["findings"][0]["evidence"][0]["text"]
    failures.same("evidence", first, browser.one(".evidence .place").text)


def check_hostile(browser, page, failures):
    elements = browser.run("return [window.ran === undefined, document.querySelectorAll("
                           "'img, iframe, object, embed, link, base, a').length, "
                           "document.scripts.length]")
    failures.same("nothing ran, nothing grew", [True, 0, len(page.scripts("")) + 1], elements)
    shown = "\n".join(row["title"] + row.get("meaning", "") for row in page.data["rows"])
    for name in SCRIPTS + [HOSTILE_NAMES[0], "488 <img src=x onerror=window.ran=7>"]:
        if name[:12] not in shown:
            failures.add(f"{name!r} is not in the ladder")
    for text in page.messages() + [shown]:
        if re.search("[\0-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\u2028\u2029]", text):
            failures.add(f"not escaped: {text[:60]!r}")
    browser.run("ladder.lines.filter((line) => line >= 0).forEach(goToRow)")
    browser.settle()
    failures.same("still nothing", True, browser.run("return window.ran === undefined"))
    failures.same("its title", "h&<b>'.pcap", browser.one("#title").text)


# What stands beside each other in the document, but in another order on the screen.
TURNED = """
  const places = (node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    return node.nodeType === Node.TEXT_NODE && node.textContent.trim() === ''
      ? [] : [...range.getClientRects()];
  };
  const turned = [];
  for (const parent of document.querySelectorAll(
    '.label, .when, .head .box, #panel *, #report *')) {
    const nodes = [...parent.childNodes].map(places).filter((rects) => rects.length > 0);
    for (let i = 1; i < nodes.length; i++) {
      const before = nodes[i - 1][nodes[i - 1].length - 1];
      const after = nodes[i][0];
      const beside = Math.abs(before.bottom - after.bottom) < 6;
      if (beside && after.left < before.right - 2) {
        turned.push(parent.textContent);
        break;
      }
    }
  }
  return turned;"""

# From right to left, with digits at its end, and with an override that nothing closes.
TURNING = "\u05d0\u05d1\u05d2 12", "\u063a\u0631\u0641\u0629 \u202e34"


def check_directions(browser, failures):
    """No name turns what stands beside it, even if one got here with a bidirectional control."""
    rows = browser.run("""
      const [hebrew, arabic] = arguments;
      data.words = data.words.map((word) => ['presence', 'folded', 'coverage'].includes(word)
        ? word : word.includes('@') ? `${hebrew}@${arabic}` : `${arabic}, ${hebrew}`);
      data.lanes.forEach((lane, i) => { lane.name = [hebrew, arabic][i % 2]; });
      data.dialogs.forEach((dialog) => dialogTitles.set(dialog.id, hebrew));
      data.findings.forEach((each) => Object.assign(each, { message: arabic, user: hebrew,
        peer: arabic, room: hebrew, rule: arabic }));
      data.inputs.forEach((input) => { input.name = arabic; });
      data.totals.requests.forEach((each) => { each.name = hebrew; });
      redraw();
      return ladder.lines.filter((line) => line >= 0);""", *TURNING)
    for row in rows[:60:4]:
        browser.run("""
          goToRow(arguments[0]);
          const value = arguments[1];
          document.querySelector('#panel .inside').append(tintedText([`To ${value}`,
            `${value}: ${value}`, '', `<${value} a="${value}">${value}</a>${value}`].join('\\n')));
          """, row, "".join(TURNING))
        failures.same(f"turned in row {row}", [], browser.run(TURNED))
    browser.run("report.list = undefined; showView('report')")
    failures.same("turned in the report", [], browser.run(TURNED))
    browser.run("""
      const sheet = new CSSStyleSheet();
      sheet.replaceSync('* { unicode-bidi: normal !important; }');
      document.adoptedStyleSheets = [sheet];
      showView('ladder-view');""")
    failures.same("noticed without isolates", True, len(browser.run(TURNED)) > 3)


def check_policy(browser, path, failures):
    """What the policy forbids is not done even if somebody gets it into the document."""
    browser.run("""
      const script = document.createElement('script');
      script.textContent = 'window.ran = 8';
      document.body.append(script);
      const image = document.createElement('img');
      image.setAttribute('onerror', 'window.ran = 9');
      image.src = 'http://ocsight.invalid/x.png';
      document.body.append(image);
      const style = document.createElement('style');
      style.textContent = 'body { color: red }';
      document.head.append(style);""")
    browser.settle()
    failures.same("nothing ran that was put in", True,
                  browser.run("return window.ran === undefined"))
    told = [entry["message"] for entry in browser.driver.get_log("browser")]
    failures.same("refused by the policy", True,
                  len(told) >= 3 and all("Content Security Policy" in line for line in told))
    browser.quiet(path)


def check_opening(browser, failures):
    """What a page does until it is open; no number of arrows makes it more."""
    elements, lanes, texts = browser.run(
        "return [window.made, ladder.lanes.length, blocks.size]")
    layouts = browser.layouts()
    failures.same("messages read", 0, texts)
    if layouts > LAYOUTS:
        failures.add(f"{layouts} layouts to open")
    return {"elements": elements, "layouts": layouts, "lanes": lanes}


def check_portions(browser, page, failures):
    """Of a thousand findings a part is listed, and behind it how to get the next."""
    found = len(page.data["findings"])
    browser.keys("v")
    first = len(browser.find("#findings .finding"))
    failures.same("a part of the findings", True, 0 < first < found)
    browser.one("#findings .more").click()
    second = len(browser.find("#findings .finding"))
    failures.same("the next part", True, first < second)
    failures.same("the rest", True, str(found - second) in
                  browser.one("#findings .more").text.replace(",", ""))
    browser.keys("v")


def check_many(browser, page, seconds, few, failures):
    arrows = sum("kind" not in row for row in page.data["rows"])
    failures.same("arrows", True, arrows >= MANY)
    work = check_opening(browser, failures)
    heads = 8 * (work["lanes"] - few["lanes"])  # elements, with those of strips
    if work["elements"] > few["elements"] + heads + ROWS:
        failures.add(f"{work['elements']} elements to open, {few['elements']} for few arrows")
    slowest = browser.driver.execute_async_script("""
      const done = arguments[0];
      let left = 60;
      let before = performance.now();
      let slowest = 0;
      function frame(now) {
        slowest = Math.max(slowest, now - before);
        before = now;
        ladder.box.scrollTop += 40 * 37;
        if (--left > 0) {
          requestAnimationFrame(frame);
        } else {
          done(slowest);
        }
      }
      requestAnimationFrame(frame);""")
    frames = browser.layouts() - work["layouts"]
    if frames > 3 * 60:
        failures.add(f"{frames} layouts in 60 frames of scrolling")
    count = len(browser.find(".row"))
    failures.same("few rows in the document", True, 0 < count < ROWS)
    check_portions(browser, page, failures)
    begun = time.monotonic()
    browser.run("document.getElementById('search').value = 'bccontext'; applySearch()")
    searched = time.monotonic() - begun
    begun = time.monotonic()
    browser.run("filter.method = 'INFO'; applyFilter()")
    filtered = time.monotonic() - begun
    browser.run("selectEnd(true)")
    failures.same("the last row", browser.lines()[-1], browser.selected())
    print(f"{arrows} arrows: open in {seconds:.2f} s with {work['elements']} elements and "
          f"{work['layouts']} layouts, slowest frame of scrolling {slowest:.0f} ms, "
          f"{frames / 60:.1f} layouts each, search {searched:.2f} s, filter {filtered:.2f} s")


def check_print(browser, failures):
    """On paper there is the ladder, not what it is worked with."""
    paper = browser.driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], check=True, stdout=subprocess.PIPE,
                          input=base64.b64decode(paper["data"]))
    sheets = done.stdout.decode().split("\f")[:-1]
    failures.same("several sheets", True, len(sheets) > 1)
    lanes = browser.run("return data.lanes.map((lane) => lane.address)")
    for number, sheet in enumerate(sheets, 1):
        failures.same(f"heads of sheet {number}", [], [lane for lane in lanes if lane not in sheet])
    drawn = sum(sheet.count(":") > 0 and len(re.findall(r"^ *\d\d:\d\d:\d\d", sheet, re.M))
                for sheet in sheets)
    failures.same("rows on paper", browser.run(
        "return ladder.lines.filter((line) => line >= 0 && data.rows[line].kind !== 'presence')"
        ".length"), drawn)
    if "All users" in "".join(sheets):
        failures.add("filters on paper")


def use_pages(pages, paths, shots, failures):
    browser = Browser(failures)
    try:
        for name, page in pages.items():
            failures.where = name
            path = paths[name]
            seconds = browser.open(path)
            if name == "ladder":
                few = check_opening(browser, failures)
                check_filters(browser, page.data, failures)
                check_search(browser, page, failures)
                check_panel(browser, page, failures)
                check_names(browser, failures)
                check_tabbing(browser, failures)
                check_cut(browser, failures)
                check_print(browser, failures)
            elif name == "faults":
                check_keys(browser, page.data, failures)
                check_themes(browser, path, shots, name, failures)
            elif name == "audit":
                check_audit(browser, page, failures)
            elif name == "hostile":
                check_hostile(browser, page, failures)
                check_directions(browser, failures)
            elif name == "compared":
                check_compared(browser, page, failures)
            elif name == "folded":
                check_folded(browser, page, failures)
            elif name == "many":
                check_many(browser, page, seconds, few, failures)
                check_heads(browser, failures)
            elif name == "rows":
                check_rows(browser, page, failures)
            else:
                failures.same("nothing to show", True, browser.one("#nothing").is_displayed())
            if name not in ("audit", "compared", "rows"):
                check_layout(browser, failures)
            browser.quiet(path)
            if name == "hostile":
                check_policy(browser, path, failures)
        failures.where = ""
    finally:
        browser.driver.quit()


def write_baseline(pages, capture):
    """The audit of a capture before: without its first two findings, with one that is gone."""
    path = os.path.join(pages.folder, "before.json")
    subprocess.run([pages.ocsight, "audit", capture, "--format", "json", "-o", path])
    with open(path, encoding="utf-8") as file:
        audit = json.load(file)
    gone = dict(audit["findings"][0], rule="went", message="<i>was wrong once")
    audit["findings"] = [dict(each, id=i)
                         for i, each in enumerate(audit["findings"][2:] + [gone], 1)]
    with open(path, "w", encoding="utf-8") as file:
        json.dump(audit, file)
    return path


def write_pages(pages):
    chat = pages.capture("chat", "group-chat")
    faults = pages.capture("faults", "faults")
    many = pages.capture("many", "group-chat", "--repeat", str(MANY // 95), "--every", "30")
    hostile = os.path.join(pages.folder, "h&<b>'.pcap")
    write_hostile(hostile)
    rows = os.path.join(pages.folder, "pool.db")
    write_snapshot(rows, [Server("fe01\\RTCLOCAL")])
    return {
        "ladder": pages.write("ladder", "ladder", chat),
        "faults": pages.write("faults", "ladder", faults),
        "audit": pages.write("audit", "audit", faults),
        "compared": pages.write("compared", "audit", faults, "--baseline",
                                write_baseline(pages, faults)),
        "folded": pages.write("folded", "ladder", chat, "--collapse", "--dialog", "2"),
        "hostile": pages.write("hostile", "ladder", hostile),
        "empty": pages.write("empty", "ladder", chat, "--user", "nobody@contoso.example"),
        "rows": pages.write("rows", "audit", rows, "--at", "2015-06-01T09:00:00Z"),
        "many": pages.write("many", "ladder", many),
    }


def folder_root():
    """A snap sees nothing of /tmp."""
    return os.path.expanduser("~") if os.path.exists("/snap/bin/chromium") else None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("ocsight")
    parser.add_argument("render")
    parser.add_argument("--shots")
    arguments = parser.parse_args()
    failures = Failures()
    with tempfile.TemporaryDirectory(prefix="ocsight-page.", dir=folder_root()) as folder:
        pages = Pages(os.path.abspath(arguments.ocsight), os.path.abspath(arguments.render), folder)
        paths = write_pages(pages)
        read = {name: Page(path) for name, path in paths.items()}
        for name, page in read.items():
            failures.where = name
            check_file(page, failures)
        failures.where = ""
        if webdriver and find_program(BROWSERS) and find_program(DRIVERS):
            use_pages(read, paths, arguments.shots, failures)
        elif "chromium" in os.environ.get("OCSIGHT_ALLOW_SKIP", "").split():
            print("no browser: pages are only read, not used")
        else:
            failures.add("chromium, its driver or python3-selenium is missing")
        size = os.path.getsize(paths["many"]) / 1e6
        print(f"a page of {size:.0f} MB was written in {pages.seconds['many']:.1f} s")
    return failures.finish("the page is written, opened and used")


if __name__ == "__main__":
    sys.exit(main())
