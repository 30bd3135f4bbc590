import { envelope, type EventContext } from '../log/envelope.js';
import type { EventWriter } from '../ports/event-writer.js';
import type { JobLookup } from '../ports/job-lookup.js';
import type { ControlJobResult } from './control-job/control-job.js';
import { evolveJob } from './evolve-job.js';
import { jobSubject } from './job.js';
import type { JobEvent, SealedJobEvent } from './job-event.js';

/** What is needed to append an event of a job. */
export interface JobPorts {
  readonly writer: EventWriter;
  readonly lookup: JobLookup;
}

/**
 * Appends an event of a job that means something in the state that the read models know; says what the fold made of it,
 * which knows better.
 */
export async function appendForJob(
  event: Exclude<JobEvent, SealedJobEvent>,
  context: EventContext,
  { writer, lookup }: JobPorts,
): Promise<ControlJobResult> {
  const { id } = event.data;
  const expected = evolveJob(await lookup.find(id), { ...event, time: context.now.toISOString(), part: null });
  if (expected.kind === 'not-found' || expected.kind === 'refused') return expected.kind;
  if (expected.kind === 'unchanged') return 'done';
  const { outcomes } = await writer.submit([envelope(event, jobSubject(id), context)]);
  const kind = outcomes[0]?.kind;
  if (kind === 'conflict') return 'refused';
  return kind === 'not-found' ? 'not-found' : 'done';
}
