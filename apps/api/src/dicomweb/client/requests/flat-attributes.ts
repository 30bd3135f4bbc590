import type { DicomDictionary } from '@annal/dicom';
import { isJsonObject, parseJson } from '../../../http/body/parse-json.js';
import { bad } from './client-request.js';
import { protocolError } from '../../../remotes/remote-failure.js';

const TAG = /^[0-9a-f]{8}$/i;
const UNKNOWN = 'Unknown Tag & Data';

/**
 * The answer of QIDO-RS in the flat form that Orthanc's web interfaces read: of each attribute its group and element, its
 * name, its representation, and the first of its values, where that is a text or an integer.
 * @param depth of nesting that is allowed
 * @throws OrthancError 400 for what is no JSON, 500 for what is no DICOM JSON
 */
export function flatAttributes(answer: Buffer, depth: number, dictionary: DicomDictionary): readonly object[] {
  const items = parseJson(answer.toString('utf8'), depth);
  if (items === undefined) throw bad('The answer of the DICOMweb server is no JSON');
  if (!Array.isArray(items)) throw noDicomJson();
  return items.map((item) => {
    if (!isJsonObject(item)) throw noDicomJson();
    const attributes = Object.entries(item).filter(([key]) => TAG.test(key));
    return Object.fromEntries(attributes.map(([key, attribute]) => [key, flat(key, attribute, dictionary)]));
  });
}

function flat(key: string, attribute: unknown, dictionary: DicomDictionary): object {
  const { vr, Value } = (attribute ?? {}) as { readonly vr?: unknown; readonly Value?: unknown };
  if (typeof vr !== 'string') throw noDicomJson();
  const tag = Number.parseInt(key, 16);
  const value = firstOf(Value);
  return {
    Element: tag & 0xffff,
    Group: tag >>> 16,
    Name: dictionary.knownNameOf(tag) ?? UNKNOWN,
    ...(value !== undefined && { Value: value }),
    vr,
  };
}

function firstOf(values: unknown): string | number | undefined {
  const first: unknown = Array.isArray(values) ? values[0] : undefined;
  const plain = typeof first === 'object' && first !== null && 'Alphabetic' in first ? first.Alphabetic : first;
  return typeof plain === 'string' || (typeof plain === 'number' && Number.isInteger(plain)) ? plain : undefined;
}

function noDicomJson(): Error {
  return protocolError('The answer of the DICOMweb server is no DICOM JSON');
}
