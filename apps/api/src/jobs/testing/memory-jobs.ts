import type {
  EventEnvelope,
  EventWriter,
  Job,
  JobEvent,
  JobLookup,
  JobPartToSeal,
  Sealed,
  Written,
} from '@annal/domain';
import { JobSet, type LoadedJob } from '../../../../../libs/projections/src/fold/job-set.js';

/** An event of a job as it stands in the log, and whether it changed anything. */
export interface KeptEvent {
  readonly event: EventEnvelope & JobEvent;
  readonly counts: boolean;
}

/** A log of jobs in memory, folded as the tables are: each append at once, in the order of the calls. */
export class MemoryJobs {
  readonly events: KeptEvent[] = [];
  /** Blobs that jobs have, by key, and those that are garbage. */
  readonly owners = new Map<string, string>();
  readonly garbage = new Set<string>();
  private readonly jobs = new Map<string, LoadedJob>();

  readonly writer: EventWriter = { submit: async (events) => this.append(events as (EventEnvelope & JobEvent)[]) };
  readonly lookup: JobLookup = { find: async (id) => this.job(id), hasUnended: async () => false };
  readonly sealer = {
    sealJob: async ({ text }: JobPartToSeal): Promise<Sealed> => ({ keyId: null, algorithm: 'none', value: text }),
  };

  job(id: string): Job | undefined {
    return this.jobs.get(id)?.[2];
  }

  private append(events: readonly (EventEnvelope & JobEvent)[]): Written {
    const set = new JobSet([...this.jobs.values()]);
    const written = events.map((event) => {
      const position = { partition: 0, offset: this.events.length };
      const value = event.sealed?.value;
      const outcome = set.evolve({ ...event, position }, value === undefined ? undefined : { value, keyId: null });
      this.events.push({ event, counts: outcome === undefined });
      return { position, outcome: outcome ?? null };
    });
    const { jobs = [], removed = [], freed = [], blobs = [], garbage = [] } = set.difference() ?? {};
    for (const { id, key, ended, job } of jobs) this.jobs.set(id, [key, ended, job as Job]);
    for (const id of removed) this.jobs.delete(id);
    for (const { job_id } of freed) {
      for (const [blob, owner] of this.owners) if (owner === job_id) this.discard(blob);
    }
    for (const { blob_key, job_id } of blobs) this.owners.set(blob_key, job_id);
    for (const { key } of garbage) this.discard(key);
    return { positions: written.map(({ position }) => position), outcomes: written.map(({ outcome }) => outcome) };
  }

  private discard(blob: string): void {
    this.owners.delete(blob);
    this.garbage.add(blob);
  }
}
