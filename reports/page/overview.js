/*
 * The time axis above the ladder: how much happened when, where the findings are, what is in
 * sight. A click goes there.
 */

const overview = {
  box: part('overview'),
  canvas: part('axis'),
  sight: part('in-sight'),
  first: 0,
  span: 1,
  width: 1,  /* pixels, when it was drawn */
};

const BAR = 3; /* pixels of one bar */
const STEPS = [
  1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6, 2e6, 5e6, 10e6, 15e6, 30e6, 60e6, 120e6, 300e6,
  600e6, 900e6, 1800e6, 3600e6, 7200e6, 14400e6, 43200e6, 86400e6,
];
const DAY = 86400e6; /* from here on steps are whole days */
const APART = 84; /* pixels between ticks, at least */

function tone(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function rowsWithTime() {
  return ladder.lines.filter((line) => line >= 0 && data.rows[line].us !== undefined);
}

/* Microseconds since midnight of the first row, as its own text says them. */
function midnightOffset(rows) {
  const row = data.rows[rows[0]];
  const [hours, minutes, seconds] = row.time.split(':').map(Number);
  return (hours * 3600 + minutes * 60 + seconds) * 1e6 - row.us;
}

/* `us` counts from the midnight before the first row; a date when the steps are days. */
function clockText(us, step, first) {
  if (step >= DAY) {
    const date = new Date(`${dayOf(first)}T00:00:00Z`);
    return new Date(date.getTime() + us / 1000).toISOString().slice(0, 10);
  }
  const at = ((us % DAY) + DAY) % DAY;
  const two = (value) => String(Math.floor(value)).padStart(2, '0');
  const minutes = `${two(at / 3600e6)}:${two((at / 60e6) % 60)}`;
  if (step >= 60e6) {
    return minutes;
  }
  const whole = `${minutes}:${two((at / 1e6) % 60)}`;
  return step >= 1e6 ? whole : `${whole}.${String(Math.floor(at / 1e3) % 1000).padStart(3, '0')}`;
}

function xOf(us) {
  return ((us - overview.first) / overview.span) * overview.width;
}

function drawTicks(pen, rows, width) {
  const least = (overview.span / width) * APART;
  const step = STEPS.find((each) => each >= least) || Math.ceil(least / DAY) * DAY;
  const shift = midnightOffset(rows);
  pen.fillStyle = tone('--faint');
  pen.font = '11px system-ui, sans-serif';
  for (let at = Math.ceil((overview.first + shift) / step) * step; ; at += step) {
    const x = xOf(at - shift);
    if (x > width - 34) {
      break;
    }
    pen.fillRect(Math.round(x), 30, 1, 3);
    pen.fillText(clockText(at, step, rows[0]), Math.max(0, Math.round(x) - (x < 20 ? 0 : 20)), 43);
  }
}

function drawBars(pen, rows, width) {
  const bins = new Uint32Array(Math.ceil(width / BAR) + 1);
  const failed = new Uint32Array(bins.length);
  for (const index of rows) {
    const bin = Math.floor(xOf(data.rows[index].us) / BAR);
    bins[bin] += isMessage(data.rows[index]) ? 1 : 0;
    failed[bin] += data.rows[index].failed ? 1 : 0;
  }
  /* By the root, so that few are still seen beside many. */
  const scale = 22 / Math.sqrt(Math.max(1, ...bins));
  bins.forEach((count, bin) => {
    if (count > 0) {
      const height = Math.max(2, Math.sqrt(count) * scale);
      pen.fillStyle = tone('--lane');
      pen.fillRect(bin * BAR, 28 - height, BAR - 1, height);
      if (failed[bin] > 0) {
        pen.fillStyle = tone('--error');
        pen.fillRect(bin * BAR, 28 - Math.max(3, (height * failed[bin]) / count), BAR - 1,
          Math.max(3, (height * failed[bin]) / count));
      }
    }
  });
}

function drawFindings(pen) {
  for (const [index, found] of findingsOfRow) {
    const row = data.rows[index];
    if (row.us === undefined || !ladder.placeOf.has(index)) {
      continue;
    }
    const x = Math.max(4, Math.min(xOf(row.us), overview.width - 4));
    pen.fillStyle = tone(`--${found[0].severity}`);
    pen.beginPath();
    pen.moveTo(x - 4, 0);
    pen.lineTo(x + 4, 0);
    pen.lineTo(x, 6);
    pen.fill();
  }
}

/* Drawn once for each change of the lines. */
function prepareOverview() {
  if (!ladderIsShown()) {
    return;
  }
  const canvas = overview.canvas;
  const rows = rowsWithTime();
  const sharp = window.devicePixelRatio || 1;
  overview.box.hidden = rows.length < 2;
  if (overview.box.hidden) {
    return;
  }
  const width = canvas.clientWidth;
  overview.width = width;
  overview.first = rows.reduce((least, index) => Math.min(least, data.rows[index].us), Infinity);
  const last = rows.reduce((most, index) => Math.max(most, data.rows[index].us), -Infinity);
  overview.span = Math.max(1000, last - overview.first) * 1.005;
  canvas.width = width * sharp;
  canvas.height = 44 * sharp;
  const pen = canvas.getContext('2d');
  pen.scale(sharp, sharp);
  pen.fillStyle = tone('--line');
  pen.fillRect(0, 29, width, 1);
  drawBars(pen, rows, width);
  drawTicks(pen, rows, width);
  drawFindings(pen);
  drawWindow();
}

/* What is in sight of the ladder. */
function drawWindow() {
  if (overview.box.hidden) {
    return;
  }
  const { top, height } = ladder.view;
  const first = lineAt(top);
  const last = lineAt(top + height);
  const places = ladder.lines.slice(first, last + 1)
    .filter((line) => line >= 0 && data.rows[line].us !== undefined)
    .map((line) => xOf(data.rows[line].us));
  const left = Math.min(...places);
  overview.sight.hidden = places.length === 0;
  overview.sight.style.left = `${left - 2}px`;
  overview.sight.style.width = `${Math.max(...places) - left + 4}px`;
}

function goToTime(x) {
  const us = overview.first + (x / overview.width) * overview.span;
  let nearest;
  for (const index of rowsWithTime()) {
    const apart = Math.abs(data.rows[index].us - us);
    if (nearest === undefined || apart < Math.abs(data.rows[nearest].us - us)) {
      nearest = index;
    }
  }
  if (nearest !== undefined) {
    keepInSight(nearest);
    drawSoon();
  }
}

overview.box.addEventListener('pointerdown', (event) => {
  overview.box.setPointerCapture(event.pointerId);
  goToTime(event.offsetX);
});
overview.box.addEventListener('pointermove', (event) => {
  if (event.buttons === 1) {
    goToTime(event.offsetX);
  }
});
