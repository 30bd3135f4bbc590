import type { DicomJsonAttribute } from './dicom-json-model.js';
import { BadMetadata } from './metadata-errors.js';

/** An attribute of the Native DICOM Model; `creator` where its tag leaves its private block open. */
export interface NativeAttribute {
  readonly tag: string;
  readonly creator: string | undefined;
  readonly attribute: DicomJsonAttribute;
}

/**
 * Attributes by their tags. The Native DICOM Model writes private ones as `gggg00ee` with the name of their creator
 * (PS3.19 section A.1.5): they get the block that the data set gives the creator, else one that is free (PS3.5 section 7.8).
 * @throws BadMetadata when a group has no free block
 */
export function withPrivateBlocks(attributes: readonly NativeAttribute[]): Record<string, DicomJsonAttribute> {
  const placed: Record<string, DicomJsonAttribute> = {};
  for (const { tag, creator, attribute } of attributes) if (!isOpen(tag, creator)) placed[tag] = attribute;
  for (const { tag, creator, attribute } of attributes) {
    if (!isOpen(tag, creator)) continue;
    const group = tag.slice(0, 4);
    placed[`${group}${blockOf(placed, group, creator!)}${tag.slice(6)}`] = attribute;
  }
  return placed;
}

function isOpen(tag: string, creator: string | undefined): boolean {
  return creator !== undefined && tag.slice(4, 6) === '00' && Number.parseInt(tag.slice(0, 4), 16) % 2 === 1;
}

function blockOf(placed: Record<string, DicomJsonAttribute>, group: string, creator: string): string {
  for (let block = 0x10; block <= 0xff; block++) {
    const name = block.toString(16).toUpperCase();
    const tag = `${group}00${name}`;
    placed[tag] ??= { vr: 'LO', Value: [creator] };
    if (placed[tag].Value?.[0] === creator) return name;
  }
  throw new BadMetadata('A group has no private block left');
}
