/*
 * The data of the page as reports/page_data.c writes them, and what follows from them.
 *
 * A row is { title, kind?, from?, to?, … }; what is not known is undefined, and a row without
 * `kind` is a message. Rows are known by their index in `data.rows` everywhere.
 */

const data = JSON.parse(part('data').textContent);

/*
 * In the file a row is an array, see page_data.h: numbers of texts, values, flags as bits. It
 * stays one: what a row is asked for is read from its cells, as most is never asked for.
 */
class Row {
  constructor(cells) {
    this.cells = cells;
    this.place = 0; /* the number of its text, from 1; 0 without */
  }
}

function addColumn(key, get) {
  Object.defineProperty(Row.prototype, key, { get });
}

function addColumns({ words, values, flags }) {
  const bits = words.length + values.length;
  words.forEach((key, i) => addColumn(key, function word() {
    return data.words[this.cells[i] - 1];
  }));
  values.forEach((key, i) => addColumn(key, function value() {
    const cell = this.cells[words.length + i];
    return cell === null ? undefined : cell;
  }));
  flags.forEach((key, i) => addColumn(key, function flag() {
    return (this.cells[bits] & (1 << i)) !== 0;
  }));
}

addColumns(data.columns);
data.rows = data.rows.map((cells) => new Row(cells));

function isMessage(row) {
  return row.kind === undefined;
}

/* For a key the lists of rows by its value, each made when it is first asked for. */
const lists = {};

function listsBy(key) {
  const made = new Map();
  data.rows.forEach((row, index) => {
    if (isMessage(row) && row[key]) {
      addTo(made, row[key], index);
    }
  });
  return made;
}

/* Indices of the messages that have that value: rowsWith('dialog', 7). */
function rowsWith(key, value) {
  lists[key] = lists[key] || listsBy(key);
  return lists[key].get(value) || [];
}

const dialogTitles = new Map(data.dialogs.map((dialog) => [dialog.id, dialog.title]));
const findingsById = new Map(data.findings.map((finding) => [finding.id, finding]));

let texts = 0;
for (const row of data.rows) {
  if (row.text) {
    row.place = ++texts;
  }
}

/* Of each input its rows by packet, as one packet can hold several messages. */
let packets;

function rowsOfPacket(input, record) {
  if (!packets) {
    packets = [];
    data.rows.forEach((row, index) => {
      if (row.record) {
        packets[row.input] = packets[row.input] || new Map();
        addTo(packets[row.input], row.record, index);
      }
    });
  }
  return (packets[input] && packets[input].get(record)) || [];
}

/* The row that evidence names: that at the same place of its stream, else the packet's first. */
function rowOfEvidence(evidence) {
  const rows = rowsOfPacket(evidence.input, evidence.record);
  const same = rows.find((index) => (data.rows[index].offset || 0) === evidence.offset);
  return same === undefined ? rows[0] : same;
}

/* Findings at their rows: where the ladder marks them, and the rows of one. */
const findingsOfRow = new Map();
const rowOfFinding = new Map();
for (const [id, index] of data.places) {
  if (findingsById.has(id)) {
    addTo(findingsOfRow, index, findingsById.get(id));
    rowOfFinding.set(id, index);
  }
}

function rowsOfEvidence(finding) {
  const rows = finding.evidence.map(rowOfEvidence).filter((index) => index !== undefined);
  const placed = rowOfFinding.get(finding.id);
  return rows.length === 0 && placed !== undefined ? [placed] : rows;
}

/* "E3" as everywhere: severity and number. */
function labelOf(finding) {
  return finding.severity[0].toUpperCase() + finding.id;
}

/* The day of a row, from the last date line above it. */
function dayOf(index) {
  let day = '';
  for (const line of data.breaks) {
    if (line.row > index) {
      break;
    }
    day = line.kind === 'date' ? line.title : day;
  }
  return day;
}

function laneName(place) {
  return place === undefined ? '' : data.lanes[place].name;
}

/* ---- presence along the lanes ---- */

/* For each lane and slot its parts in order of their rows. */
const strips = [];
const slotsOfLane = [];
for (const strip of data.strips) {
  let parts = strips.find((list) => list[0].lane === strip.lane && list[0].slot === strip.slot);
  if (!parts) {
    parts = [];
    strips.push(parts);
    slotsOfLane[strip.lane] = Math.max(slotsOfLane[strip.lane] || 0, strip.slot + 1);
  }
  parts.push(strip);
}

/* The part of a strip that covers a row; undefined where there is none. */
function stripAt(parts, index) {
  let low = 0;
  let high = parts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (parts[middle].first <= index) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  const found = parts[low - 1];
  return found && index < found.end ? found : undefined;
}

/* ---- the messages in full ---- */

/* They stand in blocks behind the script and are read when they are wanted. */
const blocks = new Map();

function blockOf(place) {
  if (!blocks.has(place)) {
    const source = part(`messages-${place}`);
    if (!source) {
      return undefined; /* not loaded yet */
    }
    blocks.set(place, JSON.parse(source.textContent));
    source.remove();
  }
  return blocks.get(place);
}

/* undefined without one, or while it is still being loaded. */
function textOf(row) {
  if (!row.text) {
    return undefined;
  }
  const block = blockOf(Math.floor((row.place - 1) / data.block));
  return block && block.texts[(row.place - 1) % data.block]
    .map((line) => block.lines[line - 1] || '').join('\n');
}
