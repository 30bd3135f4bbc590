import type { DicomJsonAttribute, DicomJsonDataSet, DicomJsonValue } from './dicom-json-model.js';
import { BadMetadata } from './metadata-errors.js';

const TAG = /^[0-9A-Fa-f]{8}$/;
const VR = /^[A-Z]{2}$/;

/** The data sets of a document in the DICOM JSON model (PS3.18 section F.2), to be read one by one: a list, or one alone. */
export function dataSetsOf(document: unknown): readonly unknown[] {
  return Array.isArray(document) ? (document as readonly unknown[]) : [document];
}

/**
 * A data set in the DICOM JSON model (PS3.18 section F.2).
 * @param value as JSON.parse gives it, of a depth that is known to be harmless
 * @throws BadMetadata
 */
export function readDicomJson(value: unknown): DicomJsonDataSet {
  if (!isObject(value)) throw new BadMetadata('A data set is an object');
  return Object.fromEntries(Object.entries(value).map(([tag, content]) => [tagOf(tag), attribute(content)]));
}

function tagOf(name: string): string {
  if (!TAG.test(name)) throw new BadMetadata('An attribute is named by eight hexadecimal digits');
  return name.toUpperCase();
}

function attribute(content: unknown): DicomJsonAttribute {
  if (!isObject(content)) throw new BadMetadata('An attribute is an object');
  const { vr, Value, InlineBinary, BulkDataURI } = content;
  if (typeof vr !== 'string' || !VR.test(vr)) throw new BadMetadata('An attribute has a value representation');
  if (typeof InlineBinary === 'string') return { vr, InlineBinary };
  if (typeof BulkDataURI === 'string') return { vr, BulkDataURI };
  if (InlineBinary !== undefined || BulkDataURI !== undefined) throw new BadMetadata('Bulk data are text');
  if (Value === undefined || Value === null) return { vr };
  if (!Array.isArray(Value)) throw new BadMetadata('Values are a list');
  return { vr, Value: Value.map((one) => (vr === 'SQ' ? item(one) : scalar(one))) };
}

function item(value: unknown): DicomJsonDataSet {
  // an empty item may be written as null
  return value === null ? {} : readDicomJson(value);
}

function scalar(value: unknown): DicomJsonValue {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value;
  if (!isObject(value)) throw new BadMetadata('A value is text, a number or a name');
  const groups = Object.entries(value).filter(([, text]) => typeof text === 'string');
  return Object.fromEntries(groups);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
