import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { ArchiveServer, UploadAnswer } from '../archive-server.js';
import type { SampleFile } from '../sample-study.js';
import type { StormFigures } from './figures.js';
import type { OrderedArchive } from './ordered-archives.js';
import type { Random } from './random.js';
import type { StudyRecord } from './study-record.js';

/** Longer than any request takes, also one that waits for the fold. */
const ANSWER_TIMEOUT_MS = 60_000;
/** How soon a client tries again where there is no answer. */
const RETRY_MS = 20;

/** The answer broke off, or there was none. */
const NONE = Symbol('no answer');

interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

/** A client of a server that is killed again and again: it notes what it is told, and compares it with what it knows. */
export class StormClient {
  constructor(
    private readonly server: ArchiveServer,
    private readonly random: Random,
    private readonly figures: StormFigures,
    private readonly ordered: OrderedArchive[],
    private readonly answered: () => void,
  ) {}

  /** Works on a study that nobody else works on. @throws where an answer contradicts an earlier one */
  async visit(study: StudyRecord, isOver: () => boolean): Promise<void> {
    if (study.missing.length === 0 && this.random.chance(0.4)) return this.remove(study);
    if (study.stored.length > 0 && this.random.chance(0.3)) await this.order(study);
    const again = study.stored.filter(() => this.random.chance(0.1));
    for (const file of [...study.missing, ...again]) {
      if (isOver() || study.isOpen) return;
      await this.upload(study, file);
    }
    if (!isOver() && study.stored.length > 0) await this.read(study, this.random.pick(study.stored));
  }

  private async upload(study: StudyRecord, file: SampleFile): Promise<void> {
    const expected = study.answerTo(file);
    const answer = await this.request('/instances', { method: 'POST', body: new Uint8Array(file.bytes) });
    if (answer === NONE) return study.uploadUnanswered(file);
    const { status, body } = answer;
    if (status === 503) {
      if (!saysUnchanged(body)) study.uploadUnanswered(file);
      return;
    }
    if (status !== 200 && status !== 202) throw new Error(`An upload is answered ${status}: ${body.toString()}`);
    study.uploaded(file, status === 200);
    if (status === 202) return;
    const { Status } = JSON.parse(body.toString()) as UploadAnswer;
    if (expected && Status !== expected) throw new Error(`An upload is ${Status}, not ${expected}: ${place(file)}`);
    if (Status === 'Success') this.figures.uploads += 1;
  }

  private async remove(study: StudyRecord): Promise<void> {
    const count = study.stored.length;
    const answer = await this.request(`/studies/${study.id}`, { method: 'DELETE' });
    if (answer === NONE) return study.deletionUnanswered();
    const { status, body } = answer;
    if (status === 503) {
      if (!saysUnchanged(body)) study.deletionUnanswered();
      return;
    }
    if (status !== 200 && status !== 202) {
      throw new Error(`The deletion of study ${study.id} is answered ${status}: ${body.toString()}`);
    }
    study.deleted(status === 200);
    this.figures.deleted += count;
  }

  /** Has a job make an archive of a study. */
  private async order(study: StudyRecord): Promise<void> {
    const { id, stored: files, deletions } = study;
    const answer = await this.request(`/studies/${id}/archive`, { method: 'POST', body: '{"Asynchronous":true}' });
    if (answer === NONE || answer.status === 503) return;
    const { status, body } = answer;
    if (status !== 200) throw new Error(`The order of an archive of study ${id} is answered ${status}`);
    this.ordered.push({ id: (JSON.parse(body.toString()) as { ID: string }).ID, study, files, deletions });
    this.figures.archives += 1;
  }

  /** What was acknowledged can be read at once. */
  private async read(study: StudyRecord, file: SampleFile): Promise<void> {
    if (study.isOpen) return;
    const answer = await this.request(`/instances/${file.ids.instance}/file`);
    if (answer === NONE || answer.status === 503) return;
    if (answer.status !== 200) throw new Error(`What was acknowledged is answered ${answer.status}: ${place(file)}`);
    const md5 = createHash('md5').update(answer.body).digest('hex');
    if (md5 !== file.md5) throw new Error(`What is read is not what was uploaded: ${place(file)}`);
  }

  private async request(path: string, init: RequestInit = {}): Promise<Answer | typeof NONE> {
    const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
    try {
      const response = await this.server.fetch(path, { ...init, signal });
      const body = Buffer.from(await response.arrayBuffer());
      this.answered();
      if (response.status === 503) await delay(RETRY_MS);
      return { status: response.status, body };
    } catch (error) {
      if (signal.aborted) throw new Error(`No answer for ${ANSWER_TIMEOUT_MS / 1000} s`, { cause: error });
      await delay(RETRY_MS);
      return NONE;
    }
  }
}

function saysUnchanged(body: Buffer): boolean {
  return body.includes('Nothing was changed');
}

function place({ ids }: SampleFile): string {
  return `instance ${ids.instance} of study ${ids.study}`;
}
