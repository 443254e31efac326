/*
 * The report: how it stands, the findings with their evidence, which of them are new since an
 * earlier audit, what was read and how much of it.
 */

const SEVERITIES = ['error', 'warning', 'note'];

const MARKS = ['new', 'same', 'gone'];

const LISTED = 200; /* findings that are listed at once */

const report = { box: part('report'), severity: '', mark: '', list: undefined, goTo: () => {} };

/* ---- findings ---- */

function makeEvidence(finding) {
  const line = element('div', { class: 'evidence' });
  for (const evidence of finding.evidence) {
    const index = evidence.record ? rowOfEvidence(evidence) : undefined;
    line.append(index === undefined
      ? element('span', { class: 'place isolate' }, evidence.text)
      : button('', evidence.text, () => report.goTo(index, finding)));
  }
  if (finding.evidence.length > 0 && line.firstChild) {
    const rows = finding.evidence.some((evidence) => evidence.record);
    line.prepend(element('span', { class: 'quiet' }, rows ? 'Packets' : 'Rows'));
  }
  if (finding.more > 0) {
    line.append(element('span', { class: 'quiet' }, `and ${number(finding.more)} more`));
  }
  return line;
}

function makeAbout(finding) {
  const about = element('div', { class: 'about quiet' });
  const add = (name, value) => {
    if (value) {
      about.append(element('span', {}, `${name} `, apart(value)));
    }
  };
  add('User', finding.user);
  add('with', finding.peer);
  add('Room', finding.room);
  add('Call-ID', finding.call_id);
  add('Flow', [finding.flow, finding.step && `step ${finding.step}`].filter(Boolean).join(', '));
  add('Basis:', finding.basis);
  return about;
}

/* One of the audit before that is gone has no number, and nothing here proves it. */
function makeFinding(finding) {
  const gone = finding.baseline === 'gone';
  return element('article', {
    class: gone ? 'finding gone' : 'finding',
    'data-finding': gone ? undefined : finding.id,
  },
  element('header', {},
    element('span', { class: `sign ${finding.severity}` },
      gone ? finding.severity : labelOf(finding)),
    finding.baseline ? element('span', { class: `mark ${finding.baseline}` }, finding.baseline) : '',
    element('code', { class: 'isolate' }, finding.rule || ''),
    element('span', { class: 'quiet' }, finding.time)),
  element('p', { class: 'said isolate' }, finding.message || ''),
  gone ? undefined : makeEvidence(finding),
  makeAbout(finding));
}

function findingsOf(severity) {
  return data.findings.filter((finding) => finding.severity === severity);
}

const goneFindings = (data.baseline ? data.baseline.gone : [])
  .map((finding) => ({ ...finding, baseline: 'gone' }));

/* The worst first, each severity in the order of time; behind them what is gone. */
function chosenFindings() {
  return [...SEVERITIES.flatMap(findingsOf), ...goneFindings].filter((finding) =>
    (!report.severity || finding.severity === report.severity) &&
    (!report.mark || finding.baseline === report.mark));
}

function noFindings() {
  const readWhole = data.totals.databases.some((database) => database.whole);
  return data.coverage.verdict === 'none' && !readWhole
    ? 'Nothing can be said: no SIP was read.'
    : 'Nothing was found to be wrong.';
}

function listFindings() {
  const found = chosenFindings();
  const chosen = report.severity || report.mark;
  report.list.replaceChildren();
  if (found.length > 0) {
    listMore(found, 0);
  } else {
    report.list.append(element('p', { class: 'quiet' },
      chosen ? 'No finding is of that kind.' : noFindings()));
  }
}

/* A part of them, and behind it how to get the next. */
function listMore(found, first) {
  const end = Math.min(found.length, first + LISTED);
  report.list.append(...found.slice(first, end).map(makeFinding));
  if (end < found.length) {
    const more = button('plain more', `${counted(found.length - end, 'more finding')}`, () => {
      const last = more.previousSibling;
      more.remove();
      listMore(found, end);
      last.nextSibling.tabIndex = -1;
      last.nextSibling.focus({ preventScroll: true });
    });
    report.list.append(more);
  }
}

/* Buttons of which one can be pressed, and is what report[key] asks for. */
function makeChoice(key, title, counts, wordsOf) {
  const choice = element('div', { class: `verdict by-${key}`, role: 'group', 'aria-label': title });
  for (const [name, count] of counts) {
    const made = element('button', {
      type: 'button', class: name, 'aria-pressed': 'false', 'data-none': count === 0,
    },
      element('b', {}, number(count)), wordsOf(name, count));
    made.addEventListener('click', () => {
      report[key] = report[key] === name ? '' : name;
      for (const other of choice.children) {
        other.setAttribute('aria-pressed', String(other.className === report[key]));
      }
      listFindings();
    });
    choice.append(made);
  }
  return choice;
}

function makeVerdict() {
  return makeChoice('severity', 'By severity',
    SEVERITIES.map((severity) => [severity, findingsOf(severity).length]),
    (severity, count) => `${severity}${count === 1 ? '' : 's'}`);
}

function makeBaseline() {
  if (!data.baseline) {
    return undefined;
  }
  const counts = { ...data.baseline, gone: goneFindings.length };
  return element('div', {},
    makeChoice('mark', 'Since the audit before', MARKS.map((mark) => [mark, counts[mark]]),
      (mark) => mark),
    element('p', { class: 'quiet' },
      'Against ', apart(data.baseline.name || ''),
      data.baseline.doubtful
        ? '. What is gone may only not have been seen: not all could be read.'
        : ''));
}

/* ---- what was read ---- */

function makeCoverage() {
  const { verdict, words } = data.coverage;
  const colon = words.indexOf(': ');
  const counts = ['read', 'encrypted', 'compressed', 'gapped', 'one_sided']
    .filter((key) => key === 'read' || data.coverage[key] > 0)
    .map((key) => `${number(data.coverage[key])} ${key.replace('_', '-')}`);
  return element('p', { class: `coverage ${verdict}` },
    element('b', {}, `Coverage ${words.slice(0, colon)}`), words.slice(colon),
    element('span', { class: 'quiet' }, ` · streams: ${counts.join(', ')}`));
}

function makeInput(input, i) {
  const list = element('dl', { class: 'facts' });
  const letter = data.inputs.length > 1 && i < 26 ? `${String.fromCharCode(65 + i)} = ` : '';
  const what = input.export ? 'event' : 'packet';
  const state = input.failed ? ', could not be read' : input.truncated ? ', breaks off' : '';
  fact(list, 'Input', letter, apart(input.name || ''));
  const kind = [input.kind || 'unknown', input.compression].filter(Boolean).join(', ');
  fact(list, '', `${kind}, ${counted(input.records, what)}${state}`);
  fact(list, 'Time', input.first ? `${input.first} – ${input.last} ${data.zone}` : '');
  fact(list, 'SHA-256', input.sha256 ? element('span', { class: 'mono' }, input.sha256) : '');
  return list;
}

function makeDatabases() {
  return data.totals.databases.map((database) => {
    const list = element('dl', { class: 'facts' });
    fact(list, 'Database', apart(database.name), ` (${database.kind}), judged for ` +
      `${database.now} ${data.zone}${database.whole ? '' : ', not read to the end'}`);
    return list;
  });
}

/* "link 3, short 1" */
function listed(counts) {
  return counts.map((each) => `${each.name} ${number(each.count)}`).join(', ');
}

function makeTotals() {
  const totals = data.totals;
  const list = element('dl', { class: 'facts' });
  const skipped = listed(totals.skipped);
  fact(list, 'Packets', `${number(totals.packets)}, decoded ${number(totals.decoded)}, ` +
    `skipped ${number(totals.packets - totals.decoded)}${skipped ? ` (${skipped})` : ''}`);
  fact(list, 'SIP', `${counted(totals.sip_messages, 'message')}, ` +
    `${number(totals.retransmissions)} retransmitted`);
  fact(list, '', `${counted(totals.call_ids, 'Call-ID')}, ${counted(totals.dialogs, 'dialog')}`);
  fact(list, 'People', `${counted(totals.users, 'user')}${totals.exact ? '' : ' (not exact)'}`);
  fact(list, 'Chat', `${counted(totals.rooms, 'room')}, ` +
    `${counted(totals.chat_messages, 'message')}`);
  for (const [key, name] of [['response_time', 'Answered'], ['post_to_copy', 'Delivered']]) {
    const waits = totals[key];
    fact(list, name, waits
      ? `in ${waits.median} (median), ${waits.p95} (95 of 100), ${waits.most} at the most` : '');
  }
  fact(list, 'Odd input', listed(totals.odd));
  return list;
}

/* A bar for each count; codes of 400 and above but challenges are failures. */
function makeBars(title, counts) {
  const most = Math.max(1, ...counts.map((each) => each.count));
  const bars = element('div', { class: 'bars' });
  for (const each of counts) {
    const code = parseInt(each.name, 10);
    const bar = element('i', { class: code >= 400 && code !== 401 && code !== 407 ? 'bad' : '' });
    bar.style.width = `${Math.max(1, (each.count / most) * 100)}%`;
    bars.append(element('span', { class: 'isolate' }, each.name || ''), bar,
      element('span', { class: 'number' }, number(each.count)));
  }
  return element('div', {}, element('h2', {}, title), bars);
}

function makeRun() {
  const list = element('dl', { class: 'facts' });
  const options = data.options.filter((each) => each.name !== 'output')
    .map((each) => `--${each.name}${each.value ? ` ${apartInText(each.value)}` : ''}`);
  fact(list, 'Tool', `ocsight ${data.version}`);
  fact(list, 'Options', options.join(' '));
  return list;
}

/* Made when it is first looked at. */
function showReport() {
  if (report.list) {
    return;
  }
  report.list = element('div', { id: 'findings' });
  const read = data.inputs.length > 0 ? makeCoverage() : undefined;
  const sheet = element('div', { class: 'sheet' }, makeVerdict(), makeBaseline(),
    read, element('h2', {}, 'Findings'), report.list,
    element('h2', {}, 'What was read'), ...data.inputs.map(makeInput), ...makeDatabases());
  if (data.inputs.length > 0) {
    sheet.append(element('h2', {}, 'Totals'), makeTotals());
  }
  const pair = element('div', { class: 'pair' });
  if (data.totals.requests.length > 0) {
    pair.append(makeBars('Requests', data.totals.requests));
  }
  if (data.totals.responses.length > 0) {
    pair.append(makeBars('Responses', data.totals.responses));
  }
  sheet.append(pair, element('h2', {}, 'Made by'), makeRun());
  report.box.replaceChildren(sheet);
  listFindings();
}
