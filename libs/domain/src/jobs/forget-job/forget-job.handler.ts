import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { EventWriter } from '../../ports/event-writer.js';
import type { JobLookup } from '../../ports/job-lookup.js';
import { appendForJob } from '../append-for-job.js';
import type { ControlJobResult } from '../control-job/control-job.js';
import { RemoveJob, RemoveJobOutput } from './forget-job.js';

/** Appends that a job is forgotten, if it has ended. */
@CommandHandler(RemoveJob)
export class RemoveJobHandler implements ICommandHandler<RemoveJob> {
  constructor(
    private readonly writer: EventWriter,
    private readonly lookup: JobLookup,
  ) {}

  execute({ id, context }: RemoveJob): Promise<ControlJobResult> {
    const { writer, lookup } = this;
    return appendForJob({ type: 'annal.job.removed.v1', data: { id } }, context, { writer, lookup });
  }
}

/** Appends that an output of a job is given up, if there is one. */
@CommandHandler(RemoveJobOutput)
export class RemoveJobOutputHandler implements ICommandHandler<RemoveJobOutput> {
  constructor(
    private readonly writer: EventWriter,
    private readonly lookup: JobLookup,
  ) {}

  execute({ id, output, context }: RemoveJobOutput): Promise<ControlJobResult> {
    const { writer, lookup } = this;
    return appendForJob({ type: 'annal.job.output-removed.v1', data: { id, output } }, context, { writer, lookup });
  }
}
