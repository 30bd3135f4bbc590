/** What other servers have: studies, their series, the instances of these. */
import { picture, qido, remove, retrieve } from './api.js';
import { button, find, show, table, tell } from './dom.js';
import { confirmDeletion, showPreview, showTags } from './dialogs.js';
import { watch } from './jobs.js';

const MOST = 100;
const TAGS = {
  PatientID: '00100020',
  PatientName: '00100010',
  AccessionNumber: '00080050',
  StudyDate: '00080020',
  StudyDescription: '00081030',
  StudyInstanceUID: '0020000D',
  Modality: '00080060',
  SeriesNumber: '00200011',
  SeriesDescription: '0008103E',
  SeriesInstanceUID: '0020000E',
  InstanceNumber: '00200013',
  SOPInstanceUID: '00080018',
};

/** The value of a tag in an answer, as a text. */
const value = (row, name) => String(row[TAGS[name]]?.Value ?? '');
const column = (title, name) => [title, (row) => value(row, name)];

/** What is to be seen of each level, and where it is. */
const LEVELS = {
  Study: {
    section: '#studies',
    plural: 'studies',
    uid: 'StudyInstanceUID',
    columns: [
      column('Patient ID', 'PatientID'),
      column('Patient name', 'PatientName'),
      column('Accession number', 'AccessionNumber'),
      column('Study date', 'StudyDate'),
      column('Description', 'StudyDescription'),
    ],
    title: (row) => `study ${value(row, 'StudyDate')} of ${value(row, 'PatientName') || value(row, 'PatientID')}`,
    below: 'Series',
    asked: ['StudyDescription'],
  },
  Series: {
    section: '#series',
    plural: 'series',
    uid: 'SeriesInstanceUID',
    columns: [
      column('Number', 'SeriesNumber'),
      column('Modality', 'Modality'),
      column('Description', 'SeriesDescription'),
    ],
    title: (row) => `series ${value(row, 'SeriesNumber')} ${value(row, 'SeriesDescription')}`,
    below: 'Instance',
    asked: ['SeriesDescription', 'SeriesNumber'],
  },
  Instance: {
    section: '#instances',
    plural: 'instances',
    uid: 'SOPInstanceUID',
    columns: [column('Number', 'InstanceNumber'), column('SOP instance UID', 'SOPInstanceUID')],
    title: (row) => `instance ${value(row, 'InstanceNumber')}`,
    asked: ['InstanceNumber'],
  },
};

/** Lists the studies of a server that match. @param query tags to values */
export function search(server, query) {
  const args = Object.fromEntries(Object.entries(query).map(([name, text]) => [TAGS[name], text]));
  return list({ ...server, uids: {} }, 'Study', { fuzzymatching: 'true', ...args });
}

/** The list that was asked for last: what is answered later to another one is not shown. */
let awaited;

/** Hides what was found, and awaits nothing more. */
export function forget(from = 'Study') {
  awaited = undefined;
  for (let name = from; name; name = LEVELS[name].below) find(LEVELS[name].section).hidden = true;
}

/**
 * Lists what there is of a level.
 * @param place the server and the UIDs above
 */
async function list(place, name, args = {}) {
  const level = LEVELS[name];
  tell(`Looking for ${level.plural}…`);
  forget(name);
  const mine = Symbol(name);
  awaited = mine;
  const asked = { limit: String(MOST + 1), includefield: level.asked.map((tag) => TAGS[tag]).join(','), ...args };
  const found = await qido(place.name, `${pathOf(place.uids)}/${level.plural}`, asked).catch((error) => {
    if (awaited === mine) throw error;
  });
  if (awaited !== mine) return;
  const rows = found.slice(0, MOST);
  const note = found.length > MOST ? `There are more than ${MOST}: these are the first ones.` : '';
  const again = () => list(place, name, args);
  const actions = (row, line) => actionsOf({ ...place, uids: uidsOf(place, name, row) }, name, row, line, again);
  const caption = `${rows.length} ${rows.length === 1 ? name.toLowerCase() : level.plural} on ${place.name}`;
  show(find(level.section), note, table(caption, level.columns, rows, actions));
  tell(caption);
}

function actionsOf(place, name, row, line, again) {
  const level = LEVELS[name];
  const title = level.title(row);
  const named = (text, action) => button(text, action, `${text}: ${title}`);
  const open = () => {
    for (const other of line.parentElement.children) other.removeAttribute('aria-current');
    line.setAttribute('aria-current', 'true');
    return list(place, level.below);
  };
  const buttons = [named('Tags', () => showTags(title, row))];
  if (level.below) buttons.unshift(named(level.below === 'Series' ? 'Series' : 'Instances', open));
  if (name !== 'Study') buttons.push(named('Preview', () => preview(place, title)));
  buttons.push(named('Retrieve', () => fetchIt(place, title)));
  if (place.hasDelete) buttons.push(named('Delete', () => deleteIt(place, name, title, again)));
  if (buttons.at(-1).textContent === 'Delete') buttons.at(-1).className = 'danger';
  return buttons;
}

/** Shows an instance, or the one in the middle of a series. */
async function preview(place, title) {
  await showPreview(title, async () => {
    const path = pathOf(place.uids);
    if (place.uids.SOPInstanceUID) return picture(place.name, `${path}/rendered`);
    const instances = await qido(place.name, `${path}/instances`, { limit: '1000' });
    const middle = instances[Math.floor(instances.length / 2)];
    if (!middle) throw new Error('The series has no instances.');
    return picture(place.name, `${path}/instances/${value(middle, 'SOPInstanceUID')}/rendered`);
  });
}

async function fetchIt({ name, uids }, title) {
  const { StudyInstanceUID: Study, SeriesInstanceUID: Series, SOPInstanceUID: Instance } = uids;
  const job = await retrieve(name, { Study, Series, Instance });
  tell(`Job ${job.ID} fetches ${title} from ${name}.`);
  await watch();
}

async function deleteIt({ name, uids }, level, title, again) {
  if (!(await confirmDeletion(`${title}, from ${name}`))) return;
  await remove(name, level, uids);
  await again();
  tell(`Deleted: ${title}, from ${name}.`);
}

const uidsOf = (place, name, row) => ({ ...place.uids, [LEVELS[name].uid]: value(row, LEVELS[name].uid) });

/** `/studies/…/series/…/instances/…` as far as the UIDs go; they come from another server. */
function pathOf({ StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID }) {
  const parts = [
    ['studies', StudyInstanceUID],
    ['series', SeriesInstanceUID],
    ['instances', SOPInstanceUID],
  ];
  return parts.map(([name, uid]) => (uid ? `/${name}/${encodeURIComponent(uid)}` : '')).join('');
}
