'use strict';

/*
 * What every part of the page uses: making elements, words for numbers.
 *
 * Nothing of a capture is ever parsed as markup: all text enters the document as a text node,
 * and the only attributes that are made are those named here and in the calls. A test holds that
 * nothing in these files hands text to the parser.
 */

const SVG = 'http://www.w3.org/2000/svg';

/* The element of the page's own body with that id. */
function part(id) {
  return document.getElementById(id);
}

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) {
      node.setAttribute(name, '');
    } else if (value !== false && value !== undefined) {
      node.setAttribute(name, value);
    }
  }
  node.append(...children.filter((child) => child !== undefined && child !== ''));
  return node;
}

/* element('p', { class: 'said' }, 'text', other, …): strings become text nodes. */
function element(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/*
 * A text of the capture among others: whatever is written in it from right to left, or turns the
 * direction, turns nothing beside it (Unicode Standard Annex 9, isolates).
 */
function apart(text) {
  return element('bdi', {}, text);
}

/* The same where only characters can stand: options, tips. */
function apartInText(text) {
  return `\u2068${text}\u2069`;
}

function drawn(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function button(className, label, act, ...children) {
  const attributes = { type: 'button', class: className };
  if (children.length > 0) {
    attributes['aria-label'] = label;
  }
  const made = element('button', attributes, ...(children.length > 0 ? children : [label]));
  made.addEventListener('click', (event) => {
    event.stopPropagation();
    act();
  });
  return made;
}

const NUMBERS = new Intl.NumberFormat('en');

/* One more in the list of a key; a message can be one of thousands in its packet. */
function addTo(lists, key, value) {
  const list = lists.get(key);
  if (list) {
    list.push(value);
  } else {
    lists.set(key, [value]);
  }
}

function number(value) {
  return NUMBERS.format(value);
}

/* "1 row", "2,345 rows" */
function counted(value, word) {
  return `${number(value)} ${word}${value === 1 ? '' : 's'}`;
}

/* "1.234 s", "12 ms": microseconds as a waiting time. */
function waited(us) {
  const size = Math.abs(us);
  const sign = us < 0 ? '−' : '';
  if (size < 1000) {
    return `${sign}${size} µs`;
  }
  if (size < 1e6) {
    return `${sign}${Number((size / 1000).toPrecision(3))} ms`;
  }
  if (size < 60e6) {
    return `${sign}${Number((size / 1e6).toFixed(3))} s`;
  }
  const seconds = Math.round(size / 1e6);
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${sign}${hours} h ${minutes} min` : `${sign}${minutes} min ${seconds % 60} s`;
}
