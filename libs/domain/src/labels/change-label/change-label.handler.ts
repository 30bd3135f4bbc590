import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { envelope, type EventEnvelope } from '../../log/envelope.js';
import type { AnnotationLookup } from '../../ports/annotation-lookup.js';
import type { EventWriter } from '../../ports/event-writer.js';
import { COLLECTIONS } from '../../resources/level.js';
import { ChangeLabel, type ChangeLabelResult } from './change-label.js';
import type { LabelAdded, LabelRemoved } from './label-events.js';

/** Appends that a resource bears a label, or does not any more, unless that is so already. */
@CommandHandler(ChangeLabel)
export class ChangeLabelHandler implements ICommandHandler<ChangeLabel> {
  constructor(
    private readonly writer: EventWriter,
    private readonly lookup: AnnotationLookup,
  ) {}

  async execute(command: ChangeLabel): Promise<ChangeLabelResult> {
    const { level, id, label } = command.target;
    const labels = await this.lookup.labelsOf(level, id);
    if (!labels) return 'not-found';
    if (labels.includes(label) === (command.change.kind === 'add')) return 'done';
    const { outcomes } = await this.writer.submit([changed(command)]);
    const kind = outcomes[0]?.kind;
    return kind === 'not-found' || kind === 'too-many' ? kind : 'done';
  }
}

function changed({ target, change, context }: ChangeLabel): EventEnvelope<LabelAdded> | EventEnvelope<LabelRemoved> {
  const { level, id, label } = target;
  const subject = `${COLLECTIONS[level]}/${id}`;
  if (change.kind === 'remove') {
    return envelope<LabelRemoved>({ type: 'annal.label.removed.v1', data: { level, id, label } }, subject, context);
  }
  const data = { level, id, label, maximum: change.maximum };
  return envelope<LabelAdded>({ type: 'annal.label.added.v1', data }, subject, context);
}
