/** Jobs that send to other servers and fetch from them. */
import { controlJob, jobs } from './api.js';
import { button, find, make, show, table } from './dom.js';

const TYPES = { DicomWebStowClient: 'Send', DicomWebWadoRetrieveClient: 'Retrieve' };
const UNDER_WAY = ['Pending', 'Running', 'Retry', 'Paused'];
const VERBS = {
  Pending: ['pause', 'cancel'],
  Running: ['pause', 'cancel'],
  Retry: ['cancel'],
  Paused: ['resume', 'cancel'],
  Failure: ['resubmit'],
};
/** Between looks while jobs are under way, and else, ms. */
const OFTEN = 1000;
const SELDOM = 10_000;
const COLUMNS = [
  ['Begun', (job) => when(job.CreationTime)],
  ['What', (job) => TYPES[job.Type]],
  ['Server', (job) => serverOf(job)],
  ['State', (job) => stateOf(job)],
  ['Progress', (job) => make('progress', { max: 100, value: Number(job.Progress) || 0, 'aria-label': 'Progress' })],
  ['Identifier', (job) => String(job.ID)],
];

let timer;
let last = '';

/** Shows the jobs, now and from time to time. */
export async function watch() {
  clearTimeout(timer);
  const section = find('#jobs');
  try {
    const found = (await jobs(Object.keys(TYPES))).sort(latestFirst);
    const text = JSON.stringify(found);
    // what did not change stays, and so does the focus of those who use a keyboard
    if (text !== last) refresh(section, found);
    last = text;
    timer = setTimeout(watch, found.some(({ State }) => UNDER_WAY.includes(State)) ? OFTEN : SELDOM);
  } catch (error) {
    last = '';
    show(section, `Jobs cannot be shown: ${error.message}`, undefined, false);
    timer = setTimeout(watch, SELDOM);
  }
}

function refresh(section, found) {
  const focused = document.activeElement?.getAttribute('aria-label');
  const actions = (job) => (VERBS[job.State] ?? []).map((verb) => control(job, verb));
  if (found.length === 0) show(section, 'None so far.', undefined, false);
  else show(section, '', table('Jobs, the latest first', COLUMNS, found, actions), false);
  if (!focused) return;
  for (const each of section.querySelectorAll('button')) if (each.getAttribute('aria-label') === focused) each.focus();
}

function control(job, verb) {
  const act = async () => {
    await controlJob(job.ID, verb);
    await watch();
  };
  return button(verb[0].toUpperCase() + verb.slice(1), act, `${verb} job ${job.ID}`);
}

function stateOf({ State, ErrorCode, ErrorDescription, ErrorDetails }) {
  const wrong = ErrorCode ? `: ${[ErrorDescription, ErrorDetails].filter(Boolean).join(', ')}` : '';
  return `${State}${wrong}`;
}

const serverOf = ({ Content }) => String(Content?.Server ?? '');

/** Their times are texts of one form. */
const latestFirst = (a, b) => (a.CreationTime < b.CreationTime ? 1 : -1);

/** `20260131T235959.123456` as a date and a time. */
function when(time) {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)/.exec(time) ?? [];
  return year === undefined ? '' : `${year}-${month}-${day} ${hour}:${minute}:${second} UTC`;
}
