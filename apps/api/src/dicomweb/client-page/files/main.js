import { findApi, servers } from './api.js';
import { attempt, find, make, tell } from './dom.js';
import { watch } from './jobs.js';
import { listLocal } from './local.js';
import { forget, search } from './remote.js';

const form = find('#search');
const choice = form.elements.namedItem('server');
let known = {};

form.addEventListener('submit', (event) => {
  event.preventDefault();
  void attempt(() => {
    const { server, ...query } = Object.fromEntries(new FormData(form));
    if (!server) throw new Error('There is no server to be searched.');
    const given = Object.entries(query).filter(([, text]) => text !== '');
    const hasDelete = ['1', 'true'].includes(String(known[server]?.HasDelete));
    return search({ name: server, hasDelete }, Object.fromEntries(given));
  });
});
form.addEventListener('reset', () => {
  forget();
  tell('');
});
choice.addEventListener('change', () => forget());

find('#local-search').addEventListener('submit', (event) => {
  event.preventDefault();
  const patient = new FormData(event.target).get('patient');
  void attempt(() => listLocal(patient, () => choice.value));
});

void attempt(async () => {
  find('#home').href = await findApi();
  void watch();
  known = await servers();
  choice.replaceChildren(...Object.keys(known).map((name) => make('option', { value: name, textContent: name })));
  if (choice.length === 0) throw new Error('No DICOMweb server is configured.');
});
