import { Command } from '@nestjs/cqrs';
import type { EventContext } from '../../log/envelope.js';
import type { JobOrder } from '../job.js';

/** What is to be done, and how soon. */
export interface JobRequest extends JobOrder {
  /** As Orthanc names it, e.g. `Archive`. */
  readonly type: string;
  readonly priority: number;
  readonly permissive: boolean;
  /** A new UUIDv7, where it must be known before the job is there; absent: one is made. */
  readonly id?: string;
}

/** Take on this job; answers with its identifier. */
export class SubmitJob extends Command<SubmitJobResult> {
  /** @param maximum of jobs that have not ended */
  constructor(
    readonly request: JobRequest,
    readonly maximum: number,
    readonly context: EventContext,
  ) {
    super();
  }
}

export type SubmitJobResult = { readonly kind: 'submitted'; readonly id: string } | { readonly kind: 'too-many' };
