import { type Tag } from '../dataset.js';
import { isPrivate, isPrivateCreator, privateCreatorTag } from '../dictionary/tag-text.js';

/** The private creators of one data set: who defined its blocks of elements. The first one of a block counts. */
export class PrivateCreators {
  private creators: Map<Tag, string> | undefined;

  /** Note the value of an element if it is a private creator; other elements' bytes are not asked for. */
  note(tag: Tag, bytes: () => Buffer): void {
    if (!isPrivateCreator(tag)) return;
    this.creators ??= new Map();
    if (!this.creators.has(tag)) this.creators.set(tag, bytes().toString('latin1').replaceAll('\0', '').trim());
  }

  /** The creator of the block a private element belongs to. */
  of(tag: Tag): string | undefined {
    return this.creators && isPrivate(tag) ? this.creators.get(privateCreatorTag(tag)) : undefined;
  }
}
