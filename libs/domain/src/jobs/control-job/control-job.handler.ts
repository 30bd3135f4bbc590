import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { EventWriter } from '../../ports/event-writer.js';
import type { JobLookup } from '../../ports/job-lookup.js';
import { appendForJob } from '../append-for-job.js';
import { ControlJob, type ControlJobResult, type JobControl } from './control-job.js';

const TYPES = {
  pause: 'annal.job.paused.v1',
  resume: 'annal.job.resumed.v1',
  cancel: 'annal.job.cancelled.v1',
  resubmit: 'annal.job.resubmitted.v1',
} as const satisfies Record<JobControl, string>;

/** Appends what is asked of a job, unless its state forbids it or has it so already. */
@CommandHandler(ControlJob)
export class ControlJobHandler implements ICommandHandler<ControlJob> {
  constructor(
    private readonly writer: EventWriter,
    private readonly lookup: JobLookup,
  ) {}

  execute({ id, control, context }: ControlJob): Promise<ControlJobResult> {
    const { writer, lookup } = this;
    return appendForJob({ type: TYPES[control], data: { id } }, context, { writer, lookup });
  }
}
