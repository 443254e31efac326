/*
 * One message beside the ladder: what is known of it, what it belongs to, and its text.
 */

const panel = { box: part('panel'), index: undefined, goTo: () => {}, onlyDialog: () => {} };

/* ---- the text of a message, in tones ---- */

const TAG = /(<\/?[\w:.-]+)|([\w:.-]+)(=)("[^"]*"|'[^']*')|(\/?\??>)/g;

function tinted(name, text) {
  return element('span', { class: name }, text);
}

function xmlLine(line) {
  const made = [];
  let at = 0;
  for (const found of line.matchAll(TAG)) {
    made.push(tinted('rest', line.slice(at, found.index)));
    at = found.index + found[0].length;
    if (found[2]) {
      made.push(tinted('attribute', found[2]), found[3], tinted('value', found[4]));
    } else {
      made.push(tinted('tag', found[0]));
    }
  }
  made.push(tinted('rest', line.slice(at)));
  return made;
}

function headerLine(line) {
  const colon = line.indexOf(':');
  return colon > 0
    ? [tinted('name', line.slice(0, colon)), ':', tinted('rest', line.slice(colon + 1))]
    : [line];
}

/* Start line, headers up to the empty line, then a body. */
function tintedText(text) {
  const lines = text.replace(/\n+$/, '').split('\n');
  const gap = lines.indexOf('');
  const made = lines.map((line, i) => {
    const parts = i === 0 ? [tinted('start', line)]
      : gap < 0 || i < gap ? headerLine(line)
        : /^\s*</.test(line) ? xmlLine(line) : [line];
    return element('span', { class: 'line' }, ...parts);
  });
  return element('pre', { class: 'text', tabindex: 0, dir: 'ltr', 'aria-label': 'The message' },
    ...made);
}

/* ---- facts ---- */

function fact(list, name, ...value) {
  if (value.some((each) => each !== undefined && each !== '')) {
    list.append(element('dt', {}, name), element('dd', { class: 'isolate' }, ...value));
  }
}

function linkTo(index, title, words = '') {
  return button('link', `${title}${words}`, () => panel.goTo(index), apart(title), words);
}

/* On the same hop: the last answer to a request, or the request that is answered. */
function partnerOf(row) {
  const fitting = rowsWith('transaction', row.transaction).filter((index) => {
    const other = data.rows[index];
    const back = other.from === row.to && other.to === row.from;
    return back && Boolean(other.request) !== Boolean(row.request);
  });
  return row.request ? fitting[fitting.length - 1] : fitting[0];
}

/* "200 OK after 12 ms", or for a response what it answers. */
function exchangeOf(row) {
  const partner = partnerOf(row);
  if (partner === undefined) {
    return undefined;
  }
  const other = data.rows[partner];
  const wait = waited(row.request ? other.us - row.us : row.us - other.us);
  return linkTo(partner, other.title, row.request ? ` after ${wait}` : `, ${wait} before`);
}

function factsOf(row, index) {
  const list = element('dl', { class: 'facts' });
  const until = row.until ? ` – ${row.until}` : '';
  fact(list, 'Time', `${dayOf(index)} ${row.time || ''}${until} ${data.zone}`.trim());
  if (row.packet) {
    const input = data.inputs[row.input];
    const several = data.inputs.length > 1 && input;
    fact(list, 'Packet', ...(several ? [`${row.record} of `, apart(input.name)] : [row.packet]));
  }
  if (isMessage(row)) {
    fact(list, 'Hop', apart(laneName(row.from)), ' → ', apart(laneName(row.to)));
    fact(list, 'From', row.sender);
    fact(list, 'To', row.receiver);
    fact(list, row.request ? 'Answered' : 'Answers', exchangeOf(row));
  } else {
    fact(list, 'User', row.receiver);
    const cause = rowsWith('id', row.id)[0];
    fact(list, 'Because of', cause === undefined ? '' : linkTo(cause, data.rows[cause].title));
  }
  fact(list, 'Dialog', dialogTitles.get(row.dialog));
  fact(list, 'Call-ID', row.call_id ? element('span', { class: 'mono' }, row.call_id) : undefined);
  fact(list, 'Room', row.room && apart(row.room));
  fact(list, 'Step', row.step);
  fact(list, 'Seen', row.repeats);
  return list;
}

function actsOf(row, text) {
  const acts = element('div', { class: 'acts' });
  if (rowsWith('dialog', row.dialog).length > 1) {
    acts.append(
      button('plain', '← in dialog', () => selectAmong(rowsWith('dialog', row.dialog), -1)),
      button('plain', 'in dialog →', () => selectAmong(rowsWith('dialog', row.dialog), 1)),
      button('plain', 'Only this dialog', () => panel.onlyDialog(row.dialog)));
  }
  if (text !== undefined && navigator.clipboard) {
    acts.append(button('plain', 'Copy', () => navigator.clipboard.writeText(text).catch(() => {})));
  }
  return acts;
}

function whyNoText(row) {
  if (row.text) {
    return 'The message is still being loaded.';
  }
  return data.texts_beyond > 0 && row.call_id
    ? 'The whole message found no room (limit ladder_raw_bytes).'
    : '';
}

function insideOf(row, index) {
  const text = textOf(row);
  const inside = element('div', { class: 'inside' }, factsOf(row, index));
  for (const finding of findingsOfRow.get(index) || []) {
    inside.append(makeFinding(finding));
  }
  inside.append(actsOf(row, text), text !== undefined
    ? tintedText(text)
    : element('p', { class: 'quiet' }, whyNoText(row)));
  return inside;
}

function showPanel(index) {
  const row = data.rows[index];
  const head = element('h2', {}, element('span', { class: 'isolate' }, row.title));
  if (row.meaning) {
    head.append(element('small', { class: 'isolate' }, row.meaning));
  }
  panel.index = index;
  panel.box.replaceChildren(
    element('header', {}, head, button('icon', 'Close', hidePanel, '✕')),
    insideOf(row, index));
  if (panel.box.hidden) {
    panel.box.hidden = false;
    redraw(); /* it takes its room from the ladder */
    bringIntoSight(index);
  }
}

function hidePanel() {
  panel.index = undefined;
  panel.box.hidden = true;
  ladder.rows.focus({ preventScroll: true });
}

function panelIsOpen() {
  return !panel.box.hidden;
}
