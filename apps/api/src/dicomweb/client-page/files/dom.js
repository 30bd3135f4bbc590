/**
 * What this page is made of. Values of other servers become text and nothing else: no function here takes HTML.
 */

/** The element of the page that a selector names. */
export const find = (selector, within = document) => within.querySelector(selector);

/** A new element with properties and children; a text among these stays text. */
export function make(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key.startsWith('aria-')) element.setAttribute(key, value);
    else element[key] = value;
  }
  element.append(...children);
  return element;
}

/** A button. @param label what it says to those who hear the page, where its text alone would not tell enough */
export function button(text, action, label = text) {
  return make('button', { type: 'button', textContent: text, 'aria-label': label, onclick: () => attempt(action) });
}

/** What was done, or is under way. */
export function tell(text) {
  find('#failure').textContent = '';
  find('#status').textContent = text;
}

/** Does something, and shows what went wrong. */
export async function attempt(action) {
  try {
    await action();
  } catch (error) {
    find('#status').textContent = '';
    find('#failure').textContent = error.message;
  }
}

/**
 * A table.
 * @param columns names and how each is made of a row: a text, or an element
 * @param actions the buttons of a row
 */
export function table(caption, columns, rows, actions = () => []) {
  const names = columns.map(([name]) => make('th', { scope: 'col', textContent: name }));
  const body = rows.map((row) => {
    const cells = columns.map(([, read]) => make('td', {}, read(row)));
    const line = make('tr', {}, ...cells);
    const buttons = actions(row, line).flatMap((each) => [each, ' ']);
    if (buttons.length > 0) line.append(make('td', { className: 'actions' }, ...buttons));
    return line;
  });
  if (body.some((line) => line.querySelector('.actions')))
    names.push(make('th', { scope: 'col', textContent: 'Actions' }));
  const head = make('thead', {}, make('tr', {}, ...names));
  return make('table', {}, make('caption', { textContent: caption }), head, make('tbody', {}, ...body));
}

/** Shows a section with a note and perhaps a table, and leads those who use a keyboard there. */
export function show(section, note, content, focus = true) {
  section.hidden = false;
  find('.note', section).textContent = note;
  find('.table', section).replaceChildren(...(content ? [content] : []));
  if (focus) find('h2', section).focus();
}
