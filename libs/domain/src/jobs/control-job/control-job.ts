import { Command } from '@nestjs/cqrs';
import type { EventContext } from '../../log/envelope.js';

/** What can be asked of a job. */
export type JobControl = 'pause' | 'resume' | 'cancel' | 'resubmit';

/** Pause, resume, cancel or resubmit a job. */
export class ControlJob extends Command<ControlJobResult> {
  constructor(
    readonly id: string,
    readonly control: JobControl,
    readonly context: EventContext,
  ) {
    super();
  }
}

/** `done` also where it was so already; `refused`: not in the state that the job is in. */
export type ControlJobResult = 'done' | 'refused' | 'not-found';
