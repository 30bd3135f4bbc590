/** Studies of this server, to be sent to others. */
import { localStudies, stow } from './api.js';
import { button, find, show, table, tell } from './dom.js';
import { watch } from './jobs.js';

const MOST = 100;
const tag = (level, name) => (study) => String(study[level]?.[name] ?? '');
const COLUMNS = [
  ['Patient ID', tag('PatientMainDicomTags', 'PatientID')],
  ['Patient name', tag('PatientMainDicomTags', 'PatientName')],
  ['Study date', tag('MainDicomTags', 'StudyDate')],
  ['Description', tag('MainDicomTags', 'StudyDescription')],
];

/**
 * Lists the studies of patients.
 * @param patient a part of a name, or an identifier; empty: all
 * @param server gives the name of the server to send to
 */
export async function listLocal(patient, server) {
  const found = await matching(patient);
  const shown = found.slice(0, MOST);
  const note = found.length > MOST ? `There are more than ${MOST}: these are the first ones.` : '';
  const actions = (study) => [button('Send', () => send(study, server()), `Send the study of ${COLUMNS[1][1](study)}`)];
  const caption = `${shown.length} ${shown.length === 1 ? 'study' : 'studies'} here`;
  show(find('#local'), note, table(caption, COLUMNS, shown, actions));
  tell(caption);
}

async function matching(patient) {
  if (patient === '') return localStudies({}, MOST + 1);
  const byName = await localStudies({ PatientName: `*${patient}*` }, MOST + 1);
  const byId = await localStudies({ PatientID: patient }, MOST + 1);
  return [...new Map([...byName, ...byId].map((study) => [study.ID, study])).values()];
}

async function send(study, server) {
  if (!server) throw new Error('Choose a server above first.');
  const job = await stow(server, [study.ID]);
  tell(`Job ${job.ID} sends the study to ${server}.`);
  await watch();
}
