import { move, transferableSymbol, valueSymbol } from 'piscina';
import { isWhole } from '../../../load/release.js';
import { sharedBulkParts } from './bulk-parts.js';
import { madeFiles, type MadeFiles, type MetadataDocument } from './made-files.js';

/** Metadata for a thread. */
export interface MetadataTask extends MetadataDocument {
  /** What `BulkParts.shared` gives. */
  readonly bulk: Uint8Array;
  /** Levels of nesting, at most. */
  readonly depth: number;
}

/** Makes files in a thread of its own where that would hold up the event loop. */
export default function make({ form, bytes, bulk, depth }: MetadataTask): MadeFiles {
  const made = madeFiles({ form, bytes }, sharedBulkParts(bulk), depth);
  const transferable = isWhole(made.bytes) ? [made.bytes.buffer] : [];
  // what piscina sends is the value
  return move({ [transferableSymbol]: transferable, [valueSymbol]: made }) as unknown as MadeFiles;
}
