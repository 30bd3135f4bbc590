import { Command } from '@nestjs/cqrs';
import type { EventContext } from '../../log/envelope.js';
import type { ControlJobResult } from '../control-job/control-job.js';

/** Forget a job that has ended, with all that it made. */
export class RemoveJob extends Command<ControlJobResult> {
  constructor(
    readonly id: string,
    readonly context: EventContext,
  ) {
    super();
  }
}

/** Give up what a job made. */
export class RemoveJobOutput extends Command<ControlJobResult> {
  constructor(
    readonly id: string,
    readonly output: string,
    readonly context: EventContext,
  ) {
    super();
  }
}
