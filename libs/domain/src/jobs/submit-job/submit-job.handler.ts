import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { v7 as uuidv7 } from 'uuid';
import { envelope } from '../../log/envelope.js';
import type { EventWriter } from '../../ports/event-writer.js';
import type { JobLookup } from '../../ports/job-lookup.js';
import type { Sealer } from '../../ports/sealer.js';
import { jobSubject } from '../job.js';
import { sealedJobEvent } from '../sealed-job-event.js';
import type { JobSubmitted } from './job-submitted.js';
import { SubmitJob, type SubmitJobResult } from './submit-job.js';

/** Appends that there is something to be done; whoever runs jobs finds it in the read models. */
@CommandHandler(SubmitJob)
export class SubmitJobHandler implements ICommandHandler<SubmitJob> {
  constructor(
    private readonly writer: EventWriter,
    private readonly lookup: JobLookup,
    private readonly sealer: Sealer,
  ) {}

  async execute({ request, maximum, context }: SubmitJob): Promise<SubmitJobResult> {
    if (await this.lookup.hasUnended(maximum)) return { kind: 'too-many' };
    const { id = uuidv7(), type: jobType, priority, permissive, parameters, content, userData } = request;
    const event = envelope<JobSubmitted>(
      { type: 'annal.job.submitted.v1', data: { id, jobType, priority, permissive } },
      jobSubject(id),
      context,
    );
    const order = { parameters, content, ...(userData === undefined ? {} : { userData }) };
    await this.writer.submit([await sealedJobEvent(event, order, this.sealer)]);
    return { kind: 'submitted', id };
  }
}
