import { createHash } from 'node:crypto';
import type { ArchiveServer } from '../archive-server.js';
import { asClients } from '../clients.js';
import { until } from '../processes.js';
import type { SampleFile } from '../sample-study.js';
import { zipContents } from '../zip-contents.js';
import type { StudyRecord } from './study-record.js';

/** An archive of a study that a client was told will be made. */
export interface OrderedArchive {
  /** The job's. */
  readonly id: string;
  readonly study: StudyRecord;
  /** What must be in it: what the study surely had. */
  readonly files: readonly SampleFile[];
  /** How often the study was deleted before. */
  readonly deletions: number;
}

interface ShownJob {
  readonly ID: string;
  readonly State: string;
  readonly ErrorCode: number;
}

/** Longer than all jobs of a life take. */
const JOBS_MS = 60_000;
/** Orthanc's codes of what is not there any more, as a resource and as a file. */
const GONE: readonly number[] = [7, 15];

/** Expects that every job ends, also those of which no client heard, and that what was ordered was made whole. */
export async function expectArchives(server: ArchiveServer, ordered: readonly OrderedArchive[]): Promise<void> {
  let jobs = new Map<string, ShownJob>();
  await until(async () => {
    jobs = new Map((await server.json<ShownJob[]>('/jobs?expand')).map((job) => [job.ID, job]));
    return [...jobs.values()].every(({ State }) => State === 'Success' || State === 'Failure');
  }, JOBS_MS);
  await asClients(4, ordered, async (order) => {
    const wrong = await mistake(server, order, jobs.get(order.id));
    if (wrong !== undefined) throw new Error(`The archive of study ${order.study.id}, job ${order.id}, ${wrong}`);
  });
}

async function mistake(
  server: ArchiveServer,
  { id, study, files, deletions }: OrderedArchive,
  job: ShownJob | undefined,
): Promise<string | undefined> {
  if (!job) return 'is forgotten';
  const mayBeGone = study.deletions > deletions;
  if (job.State === 'Failure') {
    return mayBeGone && GONE.includes(job.ErrorCode) ? undefined : `failed with error ${job.ErrorCode}`;
  }
  const answer = await server.fetch(`/jobs/${id}/archive`);
  const bytes = await answer.arrayBuffer();
  if (answer.status === 404 && mayBeGone) return undefined;
  if (answer.status !== 200) return `is answered ${answer.status}`;
  const entries = [...(await zipContents(new Uint8Array(bytes))).values()];
  const sums = entries.map((entry) => createHash('md5').update(entry).digest('hex'));
  if (new Set(sums).size !== sums.length) return 'has a file twice';
  if (!files.every(({ md5 }) => sums.includes(md5))) return 'lacks a file';
  return sums.every((sum) => study.files.some(({ md5 }) => md5 === sum)) ? undefined : 'has a file of its own';
}
