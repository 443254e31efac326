/*
 * Which rows are shown, and which of them match what is searched.
 *
 * A filter shows whole exchanges: with a method or a room the responses of its requests too,
 * with a finding the dialogs of its packets. Searching hides nothing.
 */

const filter = { user: '', dialog: '', method: '', room: '', finding: '' };

/* One row more for each message of its transaction. */
function withTransactions(rows) {
  const all = new Set(rows);
  for (const index of rows) {
    for (const other of rowsWith('transaction', data.rows[index].transaction)) {
      all.add(other);
    }
  }
  return all;
}

function indicesWhere(test) {
  const found = [];
  data.rows.forEach((row, index) => {
    if (test(row)) {
      found.push(index);
    }
  });
  return found;
}

function rowsAroundFinding(id) {
  const finding = findingsById.get(id);
  const all = new Set();
  for (const index of finding ? rowsOfEvidence(finding) : []) {
    const row = data.rows[index];
    all.add(index);
    rowsWith('dialog', row.dialog).forEach((other) => all.add(other));
    rowsWith('transaction', row.transaction).forEach((other) => all.add(other));
  }
  return all;
}

/* The rows that one filter leaves, as a set. */
const FILTERS = {
  user: (value) => new Set(indicesWhere((row) => row.sender === value || row.receiver === value)),
  dialog: (value) => new Set(rowsWith('dialog', Number(value))),
  method: (value) => new Set(indicesWhere((row) => isMessage(row) && (row.method || '') === value)),
  room: (value) => withTransactions(indicesWhere((row) => row.room === value)),
  finding: (value) => rowsAroundFinding(Number(value)),
};

/* What a message causes goes with it: the presence that it changed. */
function follows(row, chosen) {
  return (
    row.kind === 'presence' &&
    row.id > 0 &&
    rowsWith('id', row.id).some((index) => chosen.has(index))
  );
}

function isDrawn(row) {
  return row.kind !== 'presence' || row.from !== undefined;
}

function isFiltered() {
  return Object.values(filter).some((value) => value !== '');
}

function passesFilter() {
  const sets = Object.keys(filter)
    .filter((key) => filter[key] !== '')
    .map((key) => FILTERS[key](filter[key] === 'none' && key === 'method' ? '' : filter[key]));
  return (row, index) => sets.every((set) => set.has(index) || follows(row, set));
}

/*
 * The lines of the ladder from top to bottom: the index of a row, or -1 - n for the nth of
 * data.breaks. With a filter a day is only named when something of it is shown, and silence,
 * which would not be true of a part, not at all. More than data.most would be taller than what
 * browsers lay out.
 */
function shownLines() {
  const filtered = isFiltered();
  const passes = passesFilter();
  const lines = [];
  let next = 0;
  let day;
  data.rows.forEach((row, index) => {
    for (; next < data.breaks.length && data.breaks[next].row <= index; next++) {
      if (data.breaks[next].kind === 'date') {
        day = -1 - next;
      } else if (!filtered) {
        lines.push(-1 - next);
      }
    }
    if (isDrawn(row) && passes(row, index)) {
      if (day !== undefined) {
        lines.push(day);
        day = undefined;
      }
      lines.push(index);
    }
  });
  return lines.slice(0, data.most);
}

/* ---- searching ---- */

const SEARCHED = [
  'title', 'meaning', 'step', 'sender', 'receiver', 'call_id', 'packet', 'room', 'time',
];

/* Everything of a row that can be searched, in lower case; made when it is first asked for. */
const searchable = [];
const searchableTexts = [];

function matches(index, words, inTexts) {
  const row = data.rows[index];
  if (searchable[index] === undefined) {
    searchable[index] = SEARCHED.map((key) => row[key] || '').join('\n').toLowerCase();
  }
  if (searchable[index].includes(words)) {
    return true;
  }
  if (!inTexts || !row.text) {
    return false;
  }
  if (searchableTexts[index] === undefined) {
    const text = textOf(row);
    if (text === undefined) {
      return false;
    }
    searchableTexts[index] = text.toLowerCase();
  }
  return searchableTexts[index].includes(words);
}

/* Indices of the rows among `lines` that hold the words. */
function matchesAmong(lines, words, inTexts) {
  const wanted = words.trim().toLowerCase();
  return wanted === ''
    ? []
    : lines.filter((line) => line >= 0 && matches(line, wanted, inTexts));
}
