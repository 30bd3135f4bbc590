import { type Tag } from '../dataset.js';
import { orthancValue } from '../formats/orthanc-value.js';
import { findElement, type HeaderModel, isByteRange } from '../header/model.js';

/** What an instance says about itself and its series, besides tags. */
export interface InstanceFacts {
  readonly sopClassUid?: string;
  readonly transferSyntaxUid: string;
  /** InstanceNumber, else ImageIndex, as written: not always a number. */
  readonly indexInSeries?: string;
  /** How many instances the series should have, where a tag tells. */
  readonly expectedInstances?: number;
  readonly numberOfFrames: number;
  /** Where the pixel data element starts in the file; absent without one, behind a group length, and for deflated files. */
  readonly pixelDataOffset?: number;
  /** The representation of native pixel data, where it is not the one that BitsAllocated makes usual. */
  readonly pixelDataVr?: string;
}

const INTEGER = /^[+-]?\d+$/;
const IMPLICIT = '1.2.840.10008.1.2';
const DEFLATED = '1.2.840.10008.1.2.1.99';
const EXPLICIT = new Set(['1.2.840.10008.1.2.1', DEFLATED, '1.2.840.10008.1.2.2']);
/** Pairs to multiply, in Orthanc's order: images × temporal positions, slices × time slices; then a count alone. */
const EXPECTED: readonly (readonly Tag[])[] = [[0x00201002, 0x00200105], [0x00540081, 0x00540101], [0x00181090]];

function integer(text: string | undefined): number | undefined {
  return text !== undefined && INTEGER.test(text) ? Number(text) : undefined;
}

/** The first rule whose tags are all there decides, even when its values are no numbers. */
function expectedInstances(text: (tag: Tag) => string | undefined): number | undefined {
  const rule = EXPECTED.find((tags) => tags.every((tag) => text(tag) !== undefined));
  const product = rule?.map((tag) => integer(text(tag)) ?? Number.NaN).reduce((a, b) => a * b, 1);
  return product !== undefined && product > 0 && Number.isSafeInteger(product) ? product : undefined;
}

/** Encapsulated pixel data is OB by definition (PS3.5 section A.4), implicit VR tells none. */
function pixelFacts(model: HeaderModel, bitsAllocated: number): Pick<InstanceFacts, 'pixelDataOffset' | 'pixelDataVr'> {
  const [, vr, value] = findElement(model.dataset, 0x7fe00010) ?? [0, '', null];
  if (!isByteRange(value) || model.syntax === DEFLATED) return {};
  const headerLength = model.syntax === IMPLICIT ? 8 : 12;
  const usual = bitsAllocated > 8 ? 'OW' : 'OB';
  const told = EXPLICIT.has(model.syntax) && vr !== usual;
  return { pixelDataOffset: value.o - headerLength, ...(told && { pixelDataVr: vr }) };
}

/** The facts behind the metadata that Orthanc attaches to instances and series (PS3.3 sections C.7.3, C.7.6, C.8). */
export function instanceFacts(model: HeaderModel): InstanceFacts {
  const text = (tag: Tag): string | undefined => {
    const element = findElement(model.dataset, tag);
    return (element && orthancValue(element).value) ?? undefined;
  };
  const frames = integer(text(0x00280008)) ?? 1;
  return {
    sopClassUid: text(0x00080016),
    transferSyntaxUid: model.syntax,
    indexInSeries: text(0x00200013) ?? text(0x00541330),
    expectedInstances: expectedInstances(text),
    numberOfFrames: frames > 0 ? frames : 1,
    ...pixelFacts(model, integer(text(0x00280100)) ?? 8),
  };
}
