import { type Tag } from '../dataset.js';

/** The private creators of one data set: who defined the blocks of elements (PS3.5 section 7.8.1). */
export class PrivateCreators {
  private creators: Map<Tag, string> | undefined;

  /** Note a private creator element, if it is one. */
  note(tag: Tag, bytes: () => Buffer): void {
    if (((tag >>> 16) & 1) === 0 || (tag & 0xffff) < 0x10 || (tag & 0xffff) > 0xff) return;
    this.creators ??= new Map();
    if (!this.creators.has(tag))
      this.creators.set(
        tag,
        bytes()
          .toString('latin1')
          .replace(/[\0 ]+$/, '')
          .trim(),
      );
  }

  /** The creator of the block a private element belongs to. */
  of(tag: Tag): string | undefined {
    if (!this.creators || ((tag >>> 16) & 1) === 0) return undefined;
    return this.creators.get((((tag >>> 16) << 16) | ((tag & 0xffff) >>> 8)) >>> 0);
  }
}
