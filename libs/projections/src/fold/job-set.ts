import {
  evolveJob,
  hasEnded,
  isJobEvent,
  type Job,
  type JobPart,
  type Outcome,
  type RecordedEvent,
} from '@annal/domain';
import type { JobEvent } from '@annal/domain';
import type { OpenedValue } from './opened-value.js';
import type { GarbageRow, JobsDifference } from './rows.js';

/** A job as `fold_load` finds it: `[offset of its submission, offset of its end, the job]`. */
export type LoadedJob = readonly [key: number, ended: number | null, job: Job];

interface Entry {
  readonly key: number;
  ended: number | null;
  /** undefined: not there (any more). */
  job: Job | undefined;
  touched: boolean;
}

/** The jobs that a batch touches, while its events are applied to them. */
export class JobSet {
  private readonly entries: Map<string, Entry>;
  /** Jobs whose blobs in the tables become garbage, and at which offset. */
  private readonly freed = new Map<string, number>();
  /** Blobs of this batch, by job. */
  private readonly added = new Map<string, readonly string[]>();
  private readonly garbage: GarbageRow[] = [];

  constructor(loaded: readonly LoadedJob[] | null) {
    this.entries = new Map((loaded ?? []).map(([key, ended, job]) => [job.id, { key, ended, job, touched: false }]));
  }

  /** Applies an event of a job; the outcome where that is not plain success. */
  evolve(event: RecordedEvent & JobEvent, value: OpenedValue | undefined): Outcome | undefined {
    const { id } = event.data;
    const { offset } = event.position;
    const entry = this.entries.get(id) ?? { key: offset, ended: null, job: undefined, touched: false };
    const evolved = evolveJob(entry.job, { ...event, part: partOf(value) });
    if (event.type === 'annal.job.step-completed.v1') {
      if (evolved.kind === 'changed') this.added.set(id, [...(this.added.get(id) ?? []), ...event.data.blobs]);
      else this.discard(id, event.data.blobs, offset);
    }
    switch (evolved.kind) {
      case 'not-found':
        return { kind: 'not-found' };
      case 'refused':
        return { kind: 'conflict' };
      case 'unchanged':
        return { kind: 'ignored' };
      case 'removed':
        this.free(id, offset);
        this.entries.set(id, { ...entry, job: undefined, touched: true });
        return undefined;
      case 'changed':
        if (ownsNothing(evolved.job)) this.free(id, offset);
        this.entries.set(id, {
          // one that was removed in this batch does not come back: identifiers are never used again
          key: entry.key,
          ended: hasEnded(evolved.job) ? (entry.ended ?? offset) : null,
          job: evolved.job,
          touched: true,
        });
        return undefined;
    }
  }

  /** What is to be written; undefined: nothing. */
  difference(): JobsDifference | undefined {
    const touched = [...this.entries].filter(([, entry]) => entry.touched);
    if (touched.length === 0 && this.garbage.length === 0) return undefined;
    return {
      jobs: touched.flatMap(([id, { key, ended, job }]) => {
        if (!job) return [];
        const { type, state, priority } = job;
        return [{ id, key, type, state, priority, ended, outputs: Object.keys(job.outputs).length, job }];
      }),
      removed: touched.flatMap(([id, { job }]) => (job ? [] : [id])),
      freed: [...this.freed].map(([job_id, position]) => ({ job_id, position })),
      blobs: [...this.added].flatMap(([job_id, keys]) => keys.map((blob_key) => ({ blob_key, job_id }))),
      garbage: this.garbage,
    };
  }

  private free(id: string, offset: number): void {
    if (!this.freed.has(id)) this.freed.set(id, offset);
    this.discard(id, this.added.get(id) ?? [], offset);
    this.added.delete(id);
  }

  private discard(id: string, keys: readonly string[], position: number): void {
    for (const key of keys) this.garbage.push({ key, instance_id: id, position });
  }
}

/** Whether the blobs that a job made are of no use any more. */
function ownsNothing(job: Job): boolean {
  if (job.state === 'Success') return Object.keys(job.outputs).length === 0;
  return job.state === 'Failure' || job.steps === 0;
}

/** null: it has none, or its key is gone. */
function partOf(value: OpenedValue | undefined): JobPart | null {
  return value && !value.isLost ? (JSON.parse(value.value) as JobPart) : null;
}

/** The job that an event is about. */
export function jobOf(event: { readonly type: string; readonly data: unknown }): string | undefined {
  return isJobEvent(event) ? event.data.id : undefined;
}
