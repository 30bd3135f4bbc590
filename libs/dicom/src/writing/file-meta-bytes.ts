import { type DataElement, type Tag } from '../dataset.js';
import { IMPLEMENTATION_CLASS_UID } from '../implementation.js';
import { encodeElement } from './encode-element.js';
import { encodeNewElement, type NewElement } from './new-element.js';

const PREAMBLE = 128;
const PREFIX = 'DICM';
const GROUP_LENGTH: Tag = 0x00020000;
const VERSION: Tag = 0x00020001;
/** Who wrote the file, and in which version; the latter is optional. */
const [IMPLEMENTATION_CLASS, IMPLEMENTATION_VERSION]: readonly [Tag, Tag] = [0x00020012, 0x00020013];
/** Always so (PS3.10 section 7.1). */
const ENCODING = { explicit: true, littleEndian: true };

/**
 * What a DICOM file begins with: preamble, prefix and meta information (PS3.10 section 7.1).
 *
 * @param elements of the meta information there was
 * @param changes what stands instead of it, or beside it
 * @param preamble its 128 bytes; zeros where there were none
 */
export function fileMetaBytes(
  elements: readonly DataElement[],
  changes: readonly NewElement[],
  preamble: Buffer = Buffer.alloc(PREAMBLE),
): Buffer {
  const written = new Map<Tag, Buffer>([[VERSION, encodeNewElement([VERSION, 'OB', Buffer.from([0, 1])], ENCODING)]]);
  for (const { tag, vr, bytes } of elements) {
    if (tag !== GROUP_LENGTH && bytes) written.set(tag, encodeElement(tag, vr, bytes, true, ENCODING));
  }
  written.set(IMPLEMENTATION_CLASS, encodeNewElement([IMPLEMENTATION_CLASS, 'UI', IMPLEMENTATION_CLASS_UID], ENCODING));
  written.delete(IMPLEMENTATION_VERSION);
  for (const element of changes) written.set(element[0], encodeNewElement(element, ENCODING));
  const body = Buffer.concat([...written].sort(([a], [b]) => a - b).map(([, bytes]) => bytes));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(body.length);
  const first = preamble.length === PREAMBLE ? preamble : Buffer.alloc(PREAMBLE);
  return Buffer.concat([first, Buffer.from(PREFIX), encodeElement(GROUP_LENGTH, 'UL', length, true, ENCODING), body]);
}
