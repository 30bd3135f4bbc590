/** What lies over the page for a while. */
import { find, table } from './dom.js';

let shown = '';

/** Shows a picture once it is there. @param load resolves with it as a Blob */
export async function showPreview(title, load) {
  const dialog = find('#preview');
  const [note, image] = [find('.note', dialog), find('img', dialog)];
  find('h2', dialog).textContent = `Preview: ${title}`;
  note.textContent = 'Loading…';
  image.hidden = true;
  dialog.showModal();
  const mine = Symbol(title);
  dialog.current = mine;
  try {
    const blob = await load();
    // another one was opened meanwhile
    if (dialog.current !== mine) return;
    URL.revokeObjectURL(shown);
    shown = URL.createObjectURL(blob);
    image.src = shown;
    await image.decode();
    image.alt = `Picture of ${title}`;
    image.hidden = false;
    note.textContent = '';
  } catch (error) {
    if (dialog.current === mine) note.textContent = `There is no preview: ${error.message}`;
  }
}

/** Shows all that a server said of something. @param row tags to objects with Name and Value */
export function showTags(title, row) {
  const dialog = find('#tags');
  find('h2', dialog).textContent = `Tags: ${title}`;
  const columns = [
    ['Tag', ([tag]) => tag],
    ['Name', ([, { Name }]) => String(Name ?? '')],
    ['Value', ([, { Value }]) => (typeof Value === 'object' ? JSON.stringify(Value) : String(Value ?? ''))],
  ];
  find('.table', dialog).replaceChildren(table(title, columns, Object.entries(row)));
  dialog.showModal();
}

/** Asks whether something shall be deleted; resolves with the answer. */
export function confirmDeletion(text) {
  const dialog = find('#confirm');
  find('.note', dialog).textContent = text;
  dialog.returnValue = 'cancel';
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'delete'), { once: true });
  });
}
