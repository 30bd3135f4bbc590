import { readdirSync, readlinkSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'expect';
import { caughtUp } from '../archive-checks.js';
import { ArchiveServer } from '../archive-server.js';
import { uploadAll } from '../clients.js';
import { residentMemory, until, workersOf } from '../processes.js';
import { type SampleFile, sampleFile, sampleFiles } from '../sample-study.js';
import { Random } from './random.js';
import { expectAcknowledged } from './storm-checks.js';
import { StudyRecord } from './study-record.js';
import { UnreliableServer } from './unreliable-server.js';

const CLIENTS = 4;
/** Jobs that have not ended are not more than so many: what is submitted is also done. */
const UNDER_WAY = 20;
const BETWEEN_MS = 50;
/** Longer than everything that is left takes, ms. */
const REST_MS = 180_000;
/** Connections are kept for some seconds. */
const IDLE_MS = 60_000;
/** Sockets of the server's own that come and go, such as those to its database. */
const SOME = 10;
const PEER = 'other';
/** Beyond what is held in memory. */
const LARGE = 5 * 1024 * 1024;
const CONTROLS = ['pause', 'resume', 'cancel', 'resubmit'] as const;

/** What such a storm is told. */
export interface OutgoingOptions {
  /** Decides what is done, though not when the processes come to it. */
  readonly seed: number;
  /** The worker process is killed whenever so much time is over, ms. */
  readonly killEvery: number;
  /** Asked with what was done so far. */
  readonly isOver: (figures: OutgoingFigures) => boolean;
}

/** What was done so far. */
export interface OutgoingFigures {
  submitted: number;
  controlled: number;
  kills: number;
  /** MB of the worker process, each time before it was killed and in the end. */
  readonly memory: number[];
  /** Whether something was to be retrieved. */
  retrieved: boolean;
}

interface ShownJob {
  readonly ID: string;
  readonly State: string;
  readonly ErrorCode: number;
  readonly ErrorDetails: string;
}

/** What a process holds. */
interface Held {
  readonly sockets: number;
  readonly files: readonly string[];
}

/**
 * Has jobs send to and retrieve from an unreliable server, pauses, resumes, cancels and resubmits them, and kills the worker
 * process now and then. In the end the other server is reliable: then all jobs succeed, if they have to be resubmitted, and
 * neither connections nor files nor blobs are left.
 * @throws what is otherwise
 */
export async function outgoingStorm({ seed, ...options }: OutgoingOptions): Promise<OutgoingFigures> {
  const random = new Random(seed);
  const retrieved = sampleFiles('R', { patients: 1, studies: 1, series: 2, instances: 20 });
  const other = await UnreliableServer.start(retrieved, random);
  const temporary = await mkdtemp(join(tmpdir(), 'annal-storm-'));
  let server: ArchiveServer | undefined;
  try {
    server = await ArchiveServer.start({
      configuration: configurationWith(other),
      environment: { TMPDIR: temporary },
    });
    const stored = await uploaded(server);
    const before = heldBy(server);
    const figures = await endured(server, stored, random, options);
    other.reliable = true;
    await until(() => serves(server!));
    await allSucceed(server);
    await until(async () => (await other.connections()) === 0, IDLE_MS);
    figures.memory.push(memoryOf(server));
    const { sockets, files } = heldBy(server);
    expect(sockets).toBeLessThanOrEqual(before.sockets + SOME);
    expect(files).toEqual(before.files);
    expect(readdirSync(temporary)).toEqual([]);
    const records = [...Map.groupBy([...stored, ...retrieved], ({ ids }) => ids.study)].map(
      ([id, ofStudy]) => new StudyRecord(id, ofStudy),
    );
    for (const record of records) for (const file of record.files) record.uploaded(file, true);
    await expectAcknowledged(
      server,
      figures.retrieved ? records : records.filter(({ id }) => id !== retrieved[0]!.ids.study),
    );
    return figures;
  } catch (error) {
    throw new Error(`Seed ${seed}: ${(error as Error).message}\nThe server said last:\n${server?.log.slice(-2000)}`, {
      cause: error,
    });
  } finally {
    await server?.close();
    await other.close();
    await rm(temporary, { recursive: true, force: true });
  }
}

function configurationWith(other: UnreliableServer): Record<string, unknown> {
  const url = `http://127.0.0.1:${other.port}/`;
  return {
    JobsHistorySize: 1_000_000,
    MediaArchiveSize: 5,
    ConcurrentJobs: 4,
    HttpTimeout: 5,
    OrthancPeers: { [PEER]: [url] },
    DicomWeb: { Servers: { [PEER]: [`${url}dicom-web/`] } },
    Annal: { Workers: 1 },
  };
}

async function uploaded(server: ArchiveServer): Promise<readonly SampleFile[]> {
  const files = [
    ...sampleFiles('S', { patients: 3, studies: 1, series: 2, instances: 20 }),
    sampleFile({ patient: 'L', study: 1, series: 1, instance: 1 }, LARGE),
  ];
  await uploadAll(server, files, 4);
  return files;
}

/** Clients at work, and kills. */
async function endured(
  server: ArchiveServer,
  files: readonly SampleFile[],
  random: Random,
  { killEvery, isOver }: Omit<OutgoingOptions, 'seed'>,
): Promise<OutgoingFigures> {
  const figures: OutgoingFigures = { submitted: 0, controlled: 0, kills: 0, memory: [], retrieved: false };
  const studies = [...new Set(files.map(({ ids }) => ids.study))];
  const clients = Array.from({ length: CLIENTS }, async () => {
    while (!isOver(figures)) {
      await act(server, random, studies, figures).catch(() => delay(BETWEEN_MS));
      await delay(BETWEEN_MS);
    }
  });
  const kills = async (): Promise<void> => {
    for (let last = performance.now(); !isOver(figures); await delay(BETWEEN_MS)) {
      const [worker] = workersOf(server.pid);
      // one that is starting would take the server along
      if (worker === undefined || performance.now() - last < killEvery || !(await serves(server))) continue;
      last = performance.now();
      figures.memory.push(memoryOf(server));
      process.kill(worker, 'SIGKILL');
      figures.kills += 1;
    }
  };
  await Promise.all([...clients, kills()]);
  return figures;
}

function serves(server: ArchiveServer): Promise<boolean> {
  return server.json('/health/ready').then(
    () => true,
    () => false,
  );
}

async function act(
  server: ArchiveServer,
  random: Random,
  studies: readonly string[],
  figures: OutgoingFigures,
): Promise<void> {
  const jobs = await server.json<ShownJob[]>('/jobs?expand');
  const open = jobs.filter(({ State }) => State !== 'Success' && State !== 'Failure').length;
  if (jobs.length > 0 && (open >= UNDER_WAY || random.chance(0.5))) {
    const { ID } = random.pick(jobs.slice(-2 * UNDER_WAY));
    await post(server, `/jobs/${ID}/${random.pick(CONTROLS)}`, {});
    figures.controlled += 1;
    return;
  }
  const Resources = [random.pick(studies), random.pick(studies)];
  const [path, body] = random.pick<[string, object]>([
    [`/peers/${PEER}/store`, { Resources, Asynchronous: true, Compress: random.chance(0.5) }],
    [`/dicom-web/servers/${PEER}/stow`, { Resources, Synchronous: false }],
    [`/dicom-web/servers/${PEER}/retrieve`, { Resources: [{ Study: '1' }, { Study: '2' }], Synchronous: false }],
    [`/studies/${Resources[0]}/archive`, { Asynchronous: true }],
  ]);
  if (!(await post(server, path, body))) return;
  figures.submitted += 1;
  figures.retrieved ||= path.endsWith('/retrieve');
}

async function post(server: ArchiveServer, path: string, body: object): Promise<boolean> {
  const answer = await server.fetch(path, { method: 'POST', body: JSON.stringify(body) });
  await answer.arrayBuffer();
  return answer.ok;
}

/** What is paused goes on, what failed or was cancelled begins anew where it can, and all of it ends well. */
async function allSucceed(server: ArchiveServer): Promise<void> {
  const deadline = performance.now() + REST_MS;
  const again = new Set<string>();
  /** Cancelled, and none that can be resubmitted. */
  const given = new Set<string>();
  for (;;) {
    await caughtUp(server);
    const jobs = await server.json<ShownJob[]>('/jobs?expand');
    const open = jobs.filter(({ ID, State }) => State !== 'Success' && !given.has(ID));
    if (open.length === 0) return;
    for (const { ID, State, ErrorCode, ErrorDetails } of open) {
      if (State === 'Paused') await post(server, `/jobs/${ID}/resume`, {});
      if (State !== 'Failure') continue;
      if (again.has(ID)) throw new Error(`Job ${ID} fails again with error ${ErrorCode}: ${ErrorDetails}`);
      if (await post(server, `/jobs/${ID}/resubmit`, {})) again.add(ID);
      else given.add(ID);
    }
    if (performance.now() > deadline) throw new Error(`${open.length} jobs do not end: ${JSON.stringify(open[0])}`);
    await delay(BETWEEN_MS);
  }
}

/** MB of the worker process. */
function memoryOf(server: ArchiveServer): number {
  return Math.round(residentMemory(workersOf(server.pid)[0]!) / 1e6);
}

/** Sockets and open temporary files of the worker process. */
function heldBy(server: ArchiveServer): Held {
  const [worker] = workersOf(server.pid);
  const folder = `/proc/${worker}/fd`;
  const targets = readdirSync(folder).map((name) => {
    try {
      return readlinkSync(`${folder}/${name}`);
    } catch {
      return '';
    }
  });
  return {
    sockets: targets.filter((target) => target.startsWith('socket:')).length,
    files: targets.filter((target) => / \(deleted\)$/.test(target)).sort(),
  };
}
