import { Command } from '@nestjs/cqrs';
import type { EventContext } from '../../log/envelope.js';
import type { Level } from '../../resources/level.js';
import type { Revision } from '../revision.js';

/** Which metadata of which resource. */
export interface MetadataOfResource {
  readonly level: Level;
  readonly id: string;
  /** 1024 to 65535. */
  readonly metadata: number;
}

/** The state that a client wants to replace; `unsaid`: it does not say, but must where there is a value. */
export type Expected = Revision | 'unsaid' | undefined;

/** Give a resource's metadata a value. */
export class SetMetadata extends Command<SetMetadataResult> {
  /**
   * @param value without NUL
   * @param maximum how many metadata a resource may have
   */
  constructor(
    readonly target: MetadataOfResource,
    readonly value: string,
    readonly expected: Expected,
    readonly maximum: number,
    readonly context: EventContext,
  ) {
    super();
  }
}

/** What became of it; the number of the value's revision where it is set. */
export type SetMetadataResult =
  { readonly kind: 'set'; readonly revision: number } | { readonly kind: 'not-found' | 'conflict' | 'too-many' };
