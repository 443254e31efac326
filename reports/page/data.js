/*
 * The data of the page as reports/page_data.c writes them, and what follows from them.
 *
 * A row is { title, kind?, from?, to?, … }; what it does not say is false, 0 or empty, and a
 * row without `kind` is a message. Rows are known by their index in `data.rows` everywhere.
 */

const data = JSON.parse(part('data').textContent);

function isMessage(row) {
  return row.kind === undefined;
}

/* A list for each key: of(rows)[key] -> indices. */
function listsBy(key) {
  const lists = new Map();
  data.rows.forEach((row, index) => {
    if (isMessage(row) && row[key]) {
      addTo(lists, row[key], index);
    }
  });
  return lists;
}

const rowsOfDialog = listsBy('dialog');
const rowsOfTransaction = listsBy('transaction');
const rowsOfMessage = listsBy('id');
const dialogTitles = new Map(data.dialogs.map((dialog) => [dialog.id, dialog.title]));
const findingsById = new Map(data.findings.map((finding) => [finding.id, finding]));

/* The row of a packet: "input:record" -> indices, as one packet can hold several messages. */
const rowsOfPacket = new Map();
let texts = 0;
data.rows.forEach((row, index) => {
  if (row.record) {
    addTo(rowsOfPacket, `${row.input}:${row.record}`, index);
  }
  if (row.text) {
    row.text = ++texts; /* from 1: the number of its text */
  }
});

/* The row that evidence names: that at the same place of its stream, else the packet's first. */
function rowOfEvidence(evidence) {
  const rows = rowsOfPacket.get(`${evidence.input}:${evidence.record}`);
  if (!rows) {
    return undefined;
  }
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
  const block = blockOf(Math.floor((row.text - 1) / data.block));
  return block && block[(row.text - 1) % data.block];
}
