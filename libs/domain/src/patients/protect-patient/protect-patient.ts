import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { envelope, type EventContext } from '../../log/envelope.js';
import type { AnnotationLookup } from '../../ports/annotation-lookup.js';
import type { EventWriter } from '../../ports/event-writer.js';
import type { ProtectionSet } from './protection-set.js';

/** Protect a patient from being recycled, or not any more. */
export class ProtectPatient extends Command<'done' | 'not-found'> {
  constructor(
    readonly id: string,
    readonly isProtected: boolean,
    readonly context: EventContext,
  ) {
    super();
  }
}

/** Appends a patient's protection, unless that is so already. */
@CommandHandler(ProtectPatient)
export class ProtectPatientHandler implements ICommandHandler<ProtectPatient> {
  constructor(
    private readonly writer: EventWriter,
    private readonly lookup: AnnotationLookup,
  ) {}

  async execute({ id, isProtected, context }: ProtectPatient): Promise<'done' | 'not-found'> {
    const known = await this.lookup.isProtected(id);
    if (known === undefined) return 'not-found';
    if (known === isProtected) return 'done';
    const data = { id, protected: isProtected };
    const { outcomes } = await this.writer.submit([
      envelope<ProtectionSet>({ type: 'annal.patient.protection-set.v1', data }, `patients/${id}`, context),
    ]);
    return outcomes[0]?.kind === 'not-found' ? 'not-found' : 'done';
  }
}
