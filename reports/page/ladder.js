/*
 * The ladder: only the rows in sight are elements of the document.
 *
 * Each kind of line has a fixed height, so the place of every line is known without drawing it,
 * and tens of thousands scroll like ten. Rows are made when they come near the window and
 * dropped when they leave it.
 */

const HEIGHTS = { message: 40, presence: 26, coverage: 30, folded: 26, date: 30, idle: 32 };
const LEAST = 88;     /* pixels from lane to lane: an address fits */
const NEAR = 500;     /* pixels above and below the window that are drawn too */
const PRINTED = 3000; /* rows that are laid on paper */
const PAPER = 1000;   /* pixels of a sheet's width */
const STRIP = 9;

const ladder = {
  box: part('ladder'),
  heads: part('heads'),
  rows: part('rows'),
  lines: [], /* as shownLines() gives them */
  lanes: [], /* that they use, from left to right */
  columns: new Map(), /* lane -> its place among those */
  tops: [0], /* of each line, and the end of the last */
  placeOf: new Map(), /* row -> line */
  made: new Map(), /* line -> element */
  matches: new Set(),
  selected: undefined, /* a row */
  gutter: 200,
  pitch: 0,
  view: { left: 0, top: 0, width: 0, height: 0 }, /* of the rows, as look() saw it */
  width: 0, /* of the window when all was drawn */
  placed: 0, /* how far it was scrolled to the right when labels were placed */
  onPaper: false,
  onSelect: () => {},
  onOpen: () => {},
  onScroll: () => {},
};

function kindOf(line) {
  return line < 0 ? data.breaks[-1 - line].kind : data.rows[line].kind || 'message';
}

/* ---- geometry ---- */

function measure(room, least) {
  const narrow = !ladder.onPaper && window.matchMedia('screen and (max-width: 900px)').matches;
  const count = Math.max(1, ladder.lanes.length);
  ladder.gutter = narrow ? 144 : 222;
  ladder.pitch = Math.floor(Math.max(least, Math.min(520, (room - ladder.gutter - 12) / count)));
  ladder.box.style.setProperty('--pitch', `${ladder.pitch}px`);
}

function laneX(lane) {
  return (ladder.columns.get(lane) + 0.5) * ladder.pitch;
}

function lanesWidth() {
  return Math.max(1, ladder.lanes.length) * ladder.pitch;
}

/*
 * To ask the browser for a place makes it lay out all that has changed: it is asked here, once
 * before anything is drawn.
 */
function look() {
  const { scrollLeft, scrollTop, clientWidth, clientHeight } = ladder.box;
  ladder.view = {
    left: scrollLeft,
    top: scrollTop,
    width: clientWidth,
    height: clientHeight - ladder.heads.offsetHeight,
  };
  return ladder.view;
}

/* Behind the findings there is no room to draw in; showView() draws it when there is. */
function ladderIsShown() {
  return !part('ladder-view').hidden;
}

/* What of the lanes is in the window, from left to right. */
function lanesInSight() {
  const { left, width } = ladder.view;
  return ladder.onPaper
    ? [0, lanesWidth()]
    : [left, Math.min(lanesWidth(), left + width - ladder.gutter)];
}

/* Where arrows end: at the line, or at the strip that stands on it. */
function laneEdge(place, towards) {
  const half = ((slotsOfLane[place] || 0) * STRIP) / 2;
  return laneX(place) + (towards > place ? half : -half);
}

/* The line at a height. */
function lineAt(y) {
  let low = 0;
  let high = ladder.lines.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ladder.tops[middle + 1] <= y) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/* ---- the parts of a row ---- */

function makeArrow(row) {
  const colour = `arrow c${row.colour % 6}`;
  if (row.from === row.to) {
    const x = laneEdge(row.from, row.from + 1);
    const loop = drawn('svg', { class: colour, width: 26, height: 14, 'aria-hidden': 'true' },
      drawn('path', { class: 'line', d: 'M0 3H20V11H7' }),
      drawn('path', { class: 'point', d: 'M0 11L8 7V15Z' }));
    loop.style.left = `${x}px`;
    return loop;
  }
  const right = row.to > row.from;
  const start = laneEdge(row.from, row.to);
  const end = laneEdge(row.to, row.from);
  const width = Math.abs(end - start);
  const path = right
    ? [`M0 7H${width - 7}`, `M${width} 7L${width - 9} 2.5V11.5Z`]
    : [`M${width} 7H7`, 'M0 7L9 2.5V11.5Z'];
  const arrow = drawn('svg', { class: colour, width, height: 14, 'aria-hidden': 'true' },
    drawn('path', { class: 'line', d: path[0] }),
    drawn('path', { class: 'point', d: path[1] }));
  arrow.style.left = `${Math.min(start, end)}px`;
  return arrow;
}

/* Where its middle belongs; placeLabels() puts it there when its width is known. */
function put(node, left, right = left) {
  node.span = [Math.min(left, right), Math.max(left, right)];
  node.dataset.floats = '';
  return node;
}

function makeLabel(row) {
  const label = element('span', { class: 'label' }, element('b', { class: 'isolate' }, row.title));
  if (row.meaning) {
    label.append(element('span', { class: 'meaning isolate' }, row.meaning));
  }
  if (row.repeats) {
    label.append(element('span', { class: 'repeats' },
      `${row.astray ? '⇅' : row.again || row.resent ? '↻' : '⧉'} ${row.repeats}`));
  }
  if (row.step) {
    label.append(element('span', { class: 'step' }, row.step));
  }
  return put(label, laneX(row.from), laneX(row.to));
}

function makePill(row) {
  const band = data.bands[row.band];
  const pill = element('span', { class: `pill isolate ${band.name}` }, row.title);
  pill.style.setProperty('--fill', band.fill);
  pill.style.setProperty('--on', band.text);
  return put(pill, laneX(row.from));
}

function makeStrips(lanes, line, index) {
  for (const parts of strips) {
    const piece = stripAt(parts, index);
    if (!piece || !ladder.columns.has(piece.lane)) {
      continue;
    }
    const band = data.bands[piece.band];
    const begins = line >= 0 && piece.first === index;
    const strip = element('span', {
      class: `strip ${band.name}${begins ? ' begins' : ''}`,
      title: `${apartInText(piece.user)}: ${band.title}`,
    });
    const slots = slotsOfLane[piece.lane];
    strip.style.left = `${laneX(piece.lane) + (piece.slot - slots / 2) * STRIP}px`;
    strip.style.setProperty('--fill', band.fill);
    lanes.append(strip);
  }
}

/* The first finding at a row; of further ones the number. */
function makeMarks(index) {
  const [first, ...others] = findingsOfRow.get(index) || [];
  const marks = element('span', { class: 'marks' });
  if (first) {
    marks.append(element('span', { class: `sign ${first.severity}`, title: first.message },
      labelOf(first)));
  }
  if (others.length > 0) {
    marks.append(element('span', { class: 'quiet', title: others.map(labelOf).join(', ') },
      `+${others.length}`));
  }
  return marks;
}

/* What is seen, said in a sentence for those who hear it. */
function sentenceOf(row, index) {
  const way = row.from === undefined || row.to === undefined || !isMessage(row)
    ? ''
    : ` from ${laneName(row.from)} to ${laneName(row.to)}`;
  const found = (findingsOfRow.get(index) || []).map((each) => `${each.severity} ${each.rule}`);
  const said = `${(row.time || '').slice(0, 12)} ${row.title} ${row.meaning || ''}${way}`;
  return [said, row.repeats, row.packet && `packet ${row.packet}`, ...found]
    .filter(Boolean).join(', ');
}

function makeWhen(row, index) {
  const when = element('span', { class: 'when' },
    element('time', {}, (row.time || '').slice(0, 12)),
    element('span', { class: 'packet', title: row.packet || false }, row.packet || ''),
    makeMarks(index));
  when.style.width = `${ladder.gutter}px`;
  return when;
}

/* On the screen lanes are a pattern of the ground; on paper that would be thousands of pictures. */
function makeLine(lane) {
  const line = element('span', { class: 'drawn' });
  line.style.left = `${laneX(lane)}px`;
  return line;
}

function makeLanes() {
  const lanes = element('span', { class: 'lanes' });
  lanes.style.width = `${lanesWidth()}px`;
  if (ladder.onPaper) {
    lanes.append(...ladder.lanes.map(makeLine));
  }
  return lanes;
}

function makeBreak(line) {
  const said = data.breaks[-1 - line];
  const lanes = makeLanes();
  const row = { time: said.kind === 'date' ? said.title : '' };
  makeStrips(lanes, line, said.row - 1);
  if (said.kind === 'idle') {
    lanes.append(put(element('span', { class: 'between' }, said.title), 0, lanesWidth()));
  }
  return element('div', { class: `row ${said.kind}`, role: 'presentation' },
    makeWhen(row, -1), lanes);
}

function classesOf(row, kind) {
  const flags = ['request', 'again', 'failed'].filter((flag) => row[flag]);
  if (kind === 'message' && !row.request) {
    flags.push('response');
  }
  return ['row', kind, ...flags].join(' ');
}

function makeRow(line) {
  if (line < 0) {
    return makeBreak(line);
  }
  const row = data.rows[line];
  const kind = kindOf(line);
  const lanes = makeLanes();
  makeStrips(lanes, line, line);
  if (kind === 'message') {
    lanes.append(makeArrow(row), makeLabel(row));
  } else if (kind === 'presence') {
    lanes.append(makePill(row));
  } else {
    const hop = kind === 'folded' && row.from !== undefined && row.to !== undefined;
    const said = element('span', { class: 'between isolate' }, row.title);
    lanes.append(hop ? put(said, laneX(row.from), laneX(row.to)) : put(said, 0, lanesWidth()));
  }
  return element('div', {
    class: classesOf(row, kind),
    role: 'option',
    id: `row-${line}`,
    'aria-label': sentenceOf(row, line),
    'aria-posinset': ladder.placeOf.get(line) + 1,
    'aria-setsize': ladder.lines.length,
  }, makeWhen(kind === 'presence' && row.id ? {} : row, line), lanes);
}

/*
 * In the middle of what is seen of its arrow, so that it can be read wherever the lanes are
 * scrolled to; with a sign to the side where the arrow is, if that is out of sight.
 */
function placeLabel(label, [start, end]) {
  const [left, right] = label.span;
  const away = left > end ? 'right' : right < start ? 'left' : '';
  const seen = [Math.max(left, Math.min(start, right)), Math.min(right, Math.max(end, left))];
  const edge = away ? 18 : 4;
  const place = Math.min((seen[0] + seen[1] - label.wide) / 2, end - edge - label.wide);
  label.dataset.away = away;
  label.style.left = `${Math.round(Math.max(start + edge, place))}px`;
}

/* A pill stands on its lane, seen or not. */
function placeLabels(rows) {
  const sight = lanesInSight();
  for (const label of rows.flatMap((row) => [...row.querySelectorAll('[data-floats]')])) {
    placeLabel(label, label.matches('.pill') ? [0, lanesWidth()] : sight);
  }
}

/* All widths are read before any place is written: the browser lays them out once. */
function measureLabels(rows) {
  const [start, end] = lanesInSight();
  const labels = rows.flatMap((row) => [...row.querySelectorAll('[data-floats]')]);
  labels.forEach((label) => {
    label.style.maxWidth = `${end - start - 8}px`;
  });
  labels.forEach((label) => {
    label.wide = label.offsetWidth;
  });
}

/* ---- drawing what is in sight ---- */

function mark(row, line) {
  row.setAttribute('aria-selected', line >= 0 && line === ladder.selected ? 'true' : 'false');
  row.classList.toggle('match', ladder.matches.has(line));
}

function drawLines(first, end) {
  const fresh = [];
  for (const [place, row] of ladder.made) {
    if (place < first || place >= end) {
      row.remove();
      ladder.made.delete(place);
    }
  }
  for (let place = first; place < end; place++) {
    const line = ladder.lines[place];
    let row = ladder.made.get(place);
    if (!row) {
      row = makeRow(line);
      row.style.top = `${ladder.tops[place]}px`;
      row.style.height = `${HEIGHTS[kindOf(line)]}px`;
      row.dataset.place = place;
      ladder.made.set(place, row);
      fresh.push(row);
    }
    if (line >= 0) {
      mark(row, line);
    }
  }
  ladder.rows.append(...fresh);
  measureLabels(fresh);
  if (ladder.placed === ladder.view.left) {
    placeLabels(fresh);
  } else {
    ladder.placed = ladder.view.left;
    placeLabels([...ladder.made.values()]);
  }
}

function windowOfLines() {
  const { top, height } = ladder.view;
  return [lineAt(top - NEAR), Math.min(ladder.lines.length, lineAt(top + height + NEAR) + 1)];
}

function draw() {
  if (!ladderIsShown()) {
    return;
  }
  look();
  drawLines(...windowOfLines());
  ladder.onScroll();
}

let awaited = false;

function drawSoon() {
  if (!awaited) {
    awaited = true;
    requestAnimationFrame(() => {
      awaited = false;
      draw();
    });
  }
}

function drawHeads() {
  const corner = element('span', { class: 'corner' }, data.zone);
  corner.style.width = `${ladder.gutter}px`;
  const heads = [corner, ...ladder.lanes.map((place) => {
    const lane = data.lanes[place];
    const head = element('span', { class: 'head' },
      element('span', {
        class: 'box',
        title: [lane.name, lane.role, lane.address].filter(Boolean).join('\n'),
      },
      element('b', { dir: 'auto' }, lane.name),
      lane.role ? element('small', { class: 'role' }, lane.role) : undefined,
      lane.address ? element('small', {}, lane.address) : undefined));
    head.style.width = `${ladder.pitch}px`;
    return head;
  })];
  ladder.heads.replaceChildren(...(ladder.onPaper
    ? [element('div', { class: 'across' }, ...heads)]
    : heads));
}

/* Everything anew: after a filter, or in another size of window. */
function prepare() {
  drawHeads();
  ladder.made.forEach((row) => row.remove());
  ladder.made.clear();
  ladder.rows.style.width = `${ladder.gutter + lanesWidth()}px`;
  ladder.rows.style.height = `${ladder.tops[ladder.lines.length]}px`;
  ladder.heads.style.width = ladder.rows.style.width;
}

function redraw() {
  if (!ladderIsShown()) {
    return;
  }
  ladder.width = look().width;
  measure(ladder.width, LEAST);
  prepare();
  draw();
}

/* Lanes without any of the lines are left out, so that a filter brings parties together. */
function useLanes(lines) {
  const used = new Set();
  for (const row of lines.filter((line) => line >= 0).map((line) => data.rows[line])) {
    used.add(row.from).add(row.to);
  }
  const lanes = [...data.lanes.keys()];
  const some = lanes.filter((lane) => used.has(lane));
  ladder.lanes = some.length > 0 ? some : lanes;
  ladder.columns = new Map(ladder.lanes.map((lane, column) => [lane, column]));
}

function showLines(lines) {
  let top = 0;
  ladder.lines = lines;
  useLanes(lines);
  ladder.tops = lines.map((line) => {
    const at = top;
    top += HEIGHTS[kindOf(line)];
    return at;
  });
  ladder.tops.push(top);
  ladder.placeOf = new Map(lines.map((line, place) => [line, place]));
  redraw();
}

/* Behind a filter the same row stays where the eye is, if it is still there. */
function keepInSight(index) {
  const place = ladder.placeOf.get(index);
  if (place === undefined) {
    ladder.box.scrollTop = 0;
    return;
  }
  ladder.box.scrollTop = ladder.tops[place] - look().height / 2;
}

/* Paper has no window to scroll: it gets the first of all lines, and is told of the rest. */
function drawForPaper() {
  const count = Math.min(PRINTED, ladder.lines.length);
  const left = ladder.lines.length - count;
  part('paper').textContent = left > 0 ? `${counted(left, 'more line')} on the screen` : '';
  ladder.onPaper = true;
  measure(PAPER, 24);
  prepare();
  drawLines(0, count);
  ladder.onPaper = false;
}

/* ---- choosing rows ---- */

function bringIntoSight(index) {
  const place = ladder.placeOf.get(index);
  if (place === undefined) {
    return;
  }
  const view = look();
  const top = ladder.tops[place];
  const height = HEIGHTS[kindOf(index)];
  if (top < view.top || top + height > view.top + view.height) {
    ladder.box.scrollTop = Math.max(0, top - view.height / 3);
  }
  scrollAcross(data.rows[index]);
}

/* An arrow that is not seen at all is brought to the middle. */
function scrollAcross(row) {
  const [start, end] = lanesInSight();
  const ends = [row.from, row.to].filter((lane) => lane !== undefined).map(laneX);
  if (ends.length > 0 && (Math.min(...ends) > end - 40 || Math.max(...ends) < start + 40)) {
    ladder.box.scrollLeft = ends.reduce((sum, x) => sum + x, 0) / ends.length - (end - start) / 2;
  }
}

function selectRow(index) {
  if (!ladder.placeOf.has(index)) {
    return false;
  }
  ladder.selected = index;
  bringIntoSight(index);
  draw();
  ladder.rows.setAttribute('aria-activedescendant', `row-${index}`);
  ladder.onSelect(index);
  return true;
}

/* The next line in that direction that can be chosen. */
function stepBy(by) {
  const at = ladder.placeOf.get(ladder.selected);
  let place = at === undefined ? (by > 0 ? windowOfLines()[0] - 1 : ladder.lines.length) : at;
  const way = Math.sign(by);
  for (let left = Math.abs(by); left > 0; left--) {
    let next = place + way;
    while (next >= 0 && next < ladder.lines.length && ladder.lines[next] < 0) {
      next += way;
    }
    if (next < 0 || next >= ladder.lines.length) {
      break;
    }
    place = next;
  }
  if (ladder.lines[place] >= 0) {
    selectRow(ladder.lines[place]);
  }
}

function selectEnd(last) {
  const rows = ladder.lines.filter((line) => line >= 0);
  if (rows.length > 0) {
    selectRow(rows[last ? rows.length - 1 : 0]);
  }
}

/* The next of some rows behind (or before) the chosen one, and around. */
function selectAmong(rows, by) {
  const shown = rows.filter((index) => ladder.placeOf.has(index)).sort((a, b) => a - b);
  if (shown.length === 0) {
    return;
  }
  const at = ladder.selected === undefined ? -1 : ladder.selected;
  const found = by > 0
    ? shown.find((index) => index > at)
    : shown.filter((index) => index < at).pop();
  selectRow(found === undefined ? shown[by > 0 ? 0 : shown.length - 1] : found);
}

ladder.box.addEventListener('scroll', drawSoon, { passive: true });
ladder.rows.addEventListener('click', (event) => {
  const row = event.target.closest('.row');
  const line = row ? ladder.lines[row.dataset.place] : -1;
  if (line >= 0 && selectRow(line)) {
    ladder.onOpen(line);
  }
});
new ResizeObserver(() => {
  if (look().width === ladder.width) {
    draw();
  } else {
    redraw();
  }
}).observe(ladder.box);
