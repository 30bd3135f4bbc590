import {
  envelope,
  type EventEnvelope,
  type EventWriter,
  type Job,
  type JobFailed,
  type JobStarted,
  type JobStepCompleted,
  jobSubject,
  type JobSucceeded,
  type Outcome,
  type SealedJobEvent,
  sealedJobEvent,
  type Sealer,
} from '@annal/domain';
import { jobContext } from './job-context.js';
import type { StepDone } from './job-type.js';

/** Writes down what a run of a job does; each method says whether it counts, or another run has followed. */
export class RunRecorder {
  constructor(
    private readonly writer: EventWriter,
    private readonly sealer: Pick<Sealer, 'sealJob'>,
    private readonly source: string,
  ) {}

  async started({ id }: Job, epoch: number): Promise<boolean> {
    const event = { type: 'annal.job.started.v1', data: { id, epoch } } as const;
    return this.counts([envelope<JobStarted>(event, jobSubject(id), jobContext(this.source, id))]);
  }

  /** A step, and the end of the job where it was the last one: both or none. */
  async stepped({ id, steps: step, epoch }: Job, done: StepDone): Promise<boolean> {
    const { memory, content, progress, blobs = [], outputs } = done;
    const completed = {
      type: 'annal.job.step-completed.v1',
      data: { id, epoch, step, progress, blobs },
    } as const satisfies JobStepCompleted;
    // once in what is appended together: that has to go into one message of the log
    const part = outputs ? { memory } : { memory, content };
    const events: EventEnvelope[] = [await this.sealed<JobStepCompleted>(completed, part)];
    if (outputs) {
      const succeeded = { type: 'annal.job.succeeded.v1', data: { id, epoch } } as const satisfies JobSucceeded;
      events.push(await this.sealed<JobSucceeded>(succeeded, { content, outputs }));
    }
    return this.counts(events);
  }

  async failed({ id, epoch }: Job, errorCode: number, details: string): Promise<boolean> {
    const failed = { type: 'annal.job.failed.v1', data: { id, epoch, errorCode } } as const satisfies JobFailed;
    return this.counts([await this.sealed<JobFailed>(failed, { details })]);
  }

  private sealed<E extends SealedJobEvent>(
    event: { readonly type: E['type']; readonly data: E['data'] },
    part: Parameters<typeof sealedJobEvent>[1],
  ): Promise<EventEnvelope<E>> {
    const { id } = event.data;
    return sealedJobEvent(envelope<E>(event as E, jobSubject(id), jobContext(this.source, id)), part, this.sealer);
  }

  private async counts(events: readonly EventEnvelope[]): Promise<boolean> {
    const { outcomes } = await this.writer.submit(events);
    return outcomes.every((outcome: Outcome | null) => outcome === null);
  }
}
