import { type Tag } from '../dataset.js';

/** The dictionary that implicit VR needs. */
export interface VrLookup {
  /** The value representation of a tag (private ones: of the creator of their block), undefined when unknown. */
  vrOf(tag: Tag, privateCreator?: string): string | undefined;
}
