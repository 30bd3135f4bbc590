import { Command } from '@nestjs/cqrs';
import type { EventContext } from '../../log/envelope.js';
import type { Level } from '../../resources/level.js';

/** Which label of which resource. */
export interface LabelOfResource {
  readonly level: Level;
  readonly id: string;
  readonly label: string;
}

/** Let a resource bear a label, or not any more. */
export class ChangeLabel extends Command<ChangeLabelResult> {
  /** @param change `add` with how many labels a resource may bear */
  constructor(
    readonly target: LabelOfResource,
    readonly change: { readonly kind: 'add'; readonly maximum: number } | { readonly kind: 'remove' },
    readonly context: EventContext,
  ) {
    super();
  }
}

/** `done` also where there was nothing to do. */
export type ChangeLabelResult = 'done' | 'not-found' | 'too-many';
