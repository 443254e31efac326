/*
 * The page: views, filters, search, keys, theme. Everything is put together here.
 */

/* ---- heading ---- */

function showHeading() {
  const found = SEVERITIES
    .filter((severity) => findingsOf(severity).length > 0)
    .map((severity) => counted(findingsOf(severity).length, severity));
  const lines = [
    data.span,
    hasLadder ? counted(data.messages, 'message') : '',
    found.join(', '),
    hasLadder ? `coverage ${data.coverage.verdict}` : '',
    data.beyond,
  ].filter(Boolean);
  part('title').textContent = data.title;
  part('title').classList.add('isolate');
  part('subtitle').textContent = lines.join('  ·  ');
  part('subtitle').title = lines.join('\n');
  part('redacted').textContent = data.redacted_words;
  part('redacted').hidden = !data.redacted;
  part('choice').textContent = data.choice;
  part('choice').hidden = !data.choice;
  part('partial').hidden = !data.partial;
}

/* ---- views ---- */

const VIEWS = { report: part('tab-report'), 'ladder-view': part('tab-ladder') };

/* An audit of database rows alone has nothing to draw. */
const hasLadder = data.rows.length > 0 || !data.audit;

function showView(name) {
  if (name === 'ladder-view' && !hasLadder) {
    return;
  }
  for (const [view, tab] of Object.entries(VIEWS)) {
    part(view).hidden = view !== name;
    tab.setAttribute('aria-selected', String(view === name));
    tab.tabIndex = view === name ? 0 : -1;
  }
  if (name === 'ladder-view') {
    prepareOverview();
    redraw();
    ladder.rows.focus({ preventScroll: true });
  } else {
    showReport();
    report.box.focus({ preventScroll: true });
  }
}

function goToRow(index) {
  if (!ladderIsShown()) {
    showView('ladder-view');
  }
  if (!ladder.placeOf.has(index)) {
    clearFilter();
  }
  if (selectRow(index)) {
    showPanel(index);
  }
}

/* ---- filters ---- */

const CHOICES = ['user', 'dialog', 'method', 'room', 'finding'];

function option(value, words) {
  return element('option', { value }, words);
}

/* Values of a key with how often they occur, the most frequent first. */
function valuesOf(keys, test) {
  const counts = new Map();
  for (const row of data.rows) {
    for (const key of keys) {
      if (row[key] && test(row)) {
        counts.set(row[key], (counts.get(row[key]) || 0) + 1);
      }
    }
  }
  return [...counts.keys()].sort((a, b) => counts.get(b) - counts.get(a) || (a < b ? -1 : 1));
}

function optionsFor(key) {
  switch (key) {
    case 'user':
      return valuesOf(['sender', 'receiver'], () => true).sort()
        .map((user) => option(user, apartInText(user)));
    case 'dialog':
      return data.dialogs.filter((dialog) => rowsWith('dialog', dialog.id).length > 0)
        .map((dialog) => option(dialog.id, `${dialog.id}  ${apartInText(dialog.title)}`));
    case 'method':
      return valuesOf(['method'], isMessage).map((method) => option(method, method));
    case 'room':
      return valuesOf(['room'], isMessage).map((room) => option(room, apartInText(room)));
    default:
      return data.findings.filter((each) => rowsOfEvidence(each).length > 0)
        .map((each) => option(each.id,
          [labelOf(each), each.rule, each.baseline && `(${each.baseline})`]
            .filter(Boolean).join('  ')));
  }
}

/* Is there anything to choose by a key? */
function hasChoice(key) {
  switch (key) {
    case 'user':
      return data.rows.some((row) => row.sender || row.receiver);
    case 'dialog':
      return data.dialogs.length > 0;
    case 'finding':
      return data.places.length > 0;
    default:
      return data.rows.some((row) => isMessage(row) && row[key]);
  }
}

/* There can be thousands of dialogs and findings: they are listed when somebody looks. */
function fillChoice(key) {
  const choice = part(`by-${key}`);
  if (choice.options.length > 1) {
    return;
  }
  choice.append(...optionsFor(key));
  if (key === 'method' && data.rows.some((row) => isMessage(row) && !row.method)) {
    choice.append(option('none', 'web and names'));
  }
}

function prepareFilters() {
  for (const key of CHOICES) {
    const choice = part(`by-${key}`);
    choice.append(option('', `All ${key}s`));
    choice.disabled = !hasChoice(key);
    choice.addEventListener('pointerdown', () => fillChoice(key));
    choice.addEventListener('focus', () => fillChoice(key));
    choice.addEventListener('change', () => {
      filter[key] = choice.value;
      applyFilter();
    });
  }
}

function showFilter(key) {
  const choice = part(`by-${key}`);
  if (filter[key] !== '') {
    fillChoice(key);
  }
  choice.value = filter[key];
  choice.classList.toggle('chosen', filter[key] !== '');
}

function applyFilter() {
  const eye = ladder.selected;
  showLines(shownLines());
  keepInSight(eye);
  CHOICES.forEach(showFilter);
  const rows = ladder.lines.filter((line) => line >= 0).length;
  const all = data.rows.filter(isDrawn).length;
  part('clear').hidden = !isFiltered();
  part('shown').textContent = isFiltered() || ladder.lines.length >= data.most
    ? `${number(rows)} of ${counted(all, 'row')}` : '';
  part('nothing').hidden = rows > 0;
  part('nothing').textContent = all > 0 ? 'Nothing passes these filters.' : data.empty;
  applySearch();
  prepareOverview();
}

function clearFilter() {
  CHOICES.forEach((key) => {
    filter[key] = '';
  });
  applyFilter();
}

/* ---- search ---- */

const search = { field: part('search'), found: [] };

function countMatches() {
  const at = search.found.indexOf(ladder.selected);
  const total = search.found.length;
  part('search-count').textContent = search.field.value.trim() === ''
    ? ''
    : at >= 0 ? `${number(at + 1)} of ${number(total)}` : total > 0 ? number(total) : 'none';
}

function applySearch() {
  search.found = matchesAmong(ladder.lines, search.field.value, part('search-texts').checked);
  ladder.matches = new Set(search.found);
  countMatches();
  draw();
}

function goToMatch(by) {
  selectAmong(search.found, by);
  countMatches();
}

function startSearch() {
  if (!ladderIsShown()) {
    showView('ladder-view');
  }
  search.field.focus();
  search.field.select();
}

let typing;

search.field.addEventListener('input', () => {
  clearTimeout(typing);
  typing = setTimeout(applySearch, 120);
});
search.field.addEventListener('keydown', (event) => {
  if (event.key === 'Enter') {
    event.preventDefault();
    clearTimeout(typing);
    applySearch();
    goToMatch(event.shiftKey ? -1 : 1);
  } else if (event.key === 'Escape') {
    event.preventDefault();
    search.field.value = '';
    applySearch();
    ladder.rows.focus({ preventScroll: true });
  }
  event.stopPropagation();
});

/* ---- theme ---- */

const system = window.matchMedia('(prefers-color-scheme: dark)');
const theme = { chosen: undefined };

function applyTheme() {
  const dark = theme.chosen === undefined ? system.matches : theme.chosen === 'dark';
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  prepareOverview();
}

/* Ink is dark on paper. */
function beforePrint() {
  document.documentElement.dataset.theme = 'light';
  if (ladderIsShown()) {
    drawForPaper();
  }
}

function afterPrint() {
  applyTheme();
  if (ladderIsShown()) {
    redraw();
  }
}

function switchTheme() {
  theme.chosen = document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark';
  applyTheme();
}

/* ---- keys ---- */

function openSelected() {
  if (ladder.selected !== undefined) {
    showPanel(ladder.selected);
    panel.box.focus({ preventScroll: true });
  }
}

function closeOrShowAll() {
  if (panelIsOpen()) {
    hidePanel();
  } else if (isFiltered()) {
    clearFilter();
  }
}

function inDialog(by) {
  const row = data.rows[ladder.selected];
  if (row) {
    selectAmong(rowsWith('dialog', row.dialog), by);
  }
}

function onlyDialog(dialog) {
  filter.dialog = dialog && dialogTitles.has(dialog) ? String(dialog) : '';
  applyFilter();
}

function toFinding(by) {
  if (!ladderIsShown()) {
    showView('ladder-view');
  }
  selectAmong([...findingsOfRow.keys()], by);
}

const PAGE = 12; /* rows of PageUp and PageDown */

/* [keys, what they do, function]; the help is made from it. */
const KEYS = [
  [['j', 'ArrowDown'], 'next row', () => stepBy(1)],
  [['k', 'ArrowUp'], 'row before', () => stepBy(-1)],
  [['PageDown'], undefined, () => stepBy(PAGE)],
  [['PageUp'], undefined, () => stepBy(-PAGE)],
  [['Home'], 'first row', () => selectEnd(false)],
  [['End'], 'last row', () => selectEnd(true)],
  [['Enter'], 'show the message', openSelected],
  [['Escape'], 'close it; then show all', closeOrShowAll],
  [['n'], 'next finding', () => toFinding(1)],
  [['p'], 'finding before', () => toFinding(-1)],
  [[']'], 'next of this dialog', () => inDialog(1)],
  [['['], 'before, of this dialog', () => inDialog(-1)],
  [['d'], 'only this dialog', () => onlyDialog((data.rows[ladder.selected] || {}).dialog)],
  [['/'], 'search; Enter and Shift+Enter go on', startSearch],
  [['v'], 'findings or ladder', () => showView(ladderIsShown() ? 'report' : 'ladder-view')],
  [['t'], 'dark or light', switchTheme],
  [['?'], 'this help', showHelp],
];

const MOVES = new Set([
  'j', 'k', 'ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'Home', 'End', 'Enter',
]);

/* Fields keep their keys, the text of a message and the findings scroll with theirs. */
function isForOthers(event) {
  const target = event.target;
  if (event.ctrlKey || event.metaKey || event.altKey || part('help').open) {
    return true;
  }
  if (/^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName)) {
    return event.key !== 'Escape';
  }
  if (event.key === 'Enter' && /^(BUTTON|A)$/.test(target.tagName)) {
    return true;
  }
  return MOVES.has(event.key) && (!ladderIsShown() ||
    (panel.box.contains(target) && event.key !== 'j' && event.key !== 'k'));
}

document.addEventListener('keydown', (event) => {
  const row = KEYS.find(([keys]) => keys.includes(event.key));
  if (row && !isForOthers(event)) {
    event.preventDefault();
    row[2]();
  }
});

/* ---- help ---- */

const NAMES = { ArrowDown: '↓', ArrowUp: '↑', Escape: 'Esc' };

function sampleArrow(kind, colour) {
  const attributes = { class: `arrow c${colour}`, width: 56, height: 14, 'aria-hidden': 'true' };
  const sample = drawn('svg', attributes,
    drawn('path', { class: 'line', d: 'M0 7H49' }),
    drawn('path', { class: 'point', d: 'M56 7L47 2.5V11.5Z' }));
  sample.style.position = 'static';
  return element('span', { class: kind }, sample);
}

function fillHelp() {
  for (const [keys, words] of KEYS.filter((row) => row[1])) {
    const names = keys.flatMap((key) => [element('kbd', {}, NAMES[key] || key), ' ']);
    part('help-keys').append(element('dt', {}, ...names), element('dd', {}, words));
  }
  part('help-signs').append(
    element('li', {}, sampleArrow('request', 0), 'request'),
    element('li', {}, sampleArrow('response', 0), 'response'),
    element('li', {}, sampleArrow('request', 1), 'a colour for each dialog'),
    element('li', {}, sampleArrow('request again', 0), 'sent again'));
  for (const band of data.bands) {
    const swatch = element('span', { class: `swatch ${band.name}` });
    swatch.style.setProperty('--fill', band.fill);
    part('help-bands').append(element('li', {}, swatch, band.title));
  }
}

function showHelp() {
  if (!part('help-keys').firstChild) {
    fillHelp();
  }
  part('help').showModal();
}

/* ---- beginning ---- */

ladder.onSelect = (index) => {
  countMatches();
  if (panelIsOpen()) {
    showPanel(index);
  }
};
ladder.onOpen = showPanel;
ladder.onScroll = drawWindow;
panel.goTo = goToRow;
panel.onlyDialog = onlyDialog;
report.goTo = goToRow;

VIEWS.report.addEventListener('click', () => showView('report'));
VIEWS['ladder-view'].addEventListener('click', () => showView('ladder-view'));
document.querySelector('.tabs').addEventListener('keydown', (event) => {
  if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
    event.stopPropagation();
    showView(ladderIsShown() ? 'report' : 'ladder-view');
    VIEWS[ladderIsShown() ? 'ladder-view' : 'report'].focus();
  }
});
part('filters').addEventListener('submit', (event) => event.preventDefault());
part('clear').addEventListener('click', clearFilter);
part('search-next').addEventListener('click', () => goToMatch(1));
part('search-previous').addEventListener('click', () => goToMatch(-1));
part('search-texts').addEventListener('change', applySearch);
part('theme').addEventListener('click', switchTheme);
part('help-open').addEventListener('click', showHelp);
system.addEventListener('change', applyTheme);
window.addEventListener('resize', prepareOverview);
window.addEventListener('beforeprint', beforePrint);
window.addEventListener('afterprint', afterPrint);

part('search-texts').checked = texts <= 4000;
VIEWS['ladder-view'].disabled = !hasLadder;
showHeading();
prepareFilters();
applyTheme();
applyFilter();
showView(data.audit ? 'report' : 'ladder-view');
