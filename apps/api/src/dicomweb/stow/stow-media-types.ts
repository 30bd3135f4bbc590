import { type MediaRange, parseAccept, parseMediaType } from '@annal/dicomweb';
import { OrthancError } from '../../http/errors/http-errors.js';

/** What a request sends: DICOM files, or metadata with their bulk data beside them. */
export type PayloadType = 'application/dicom' | 'application/dicom+json' | 'application/dicom+xml';
const PAYLOADS: readonly string[] = ['application/dicom', 'application/dicom+json', 'application/dicom+xml'];

/** The forms of an answer. */
export type AnswerType = 'application/dicom+json' | 'application/dicom+xml';

const ANSWERS: readonly (readonly [AnswerType, readonly string[]])[] = [
  ['application/dicom+json', ['application/dicom+json', 'application/json', 'application/*', '*/*']],
  ['application/dicom+xml', ['application/dicom+xml', 'application/xml', 'text/xml']],
];

/** A request's body. */
export interface Payload {
  readonly type: PayloadType;
  /** Of a body of several parts; undefined: the body is one DICOM file. */
  readonly boundary?: string;
}

/** What the body of a request is (PS3.18 section 10.5.1). @throws OrthancError 415 */
export function payloadOf(contentType: string | undefined): Payload {
  const { type, parameters } = parseMediaType(contentType ?? '');
  if (type === 'application/dicom') return { type };
  const root = parameters.get('type')?.toLowerCase() ?? '';
  const boundary = parameters.get('boundary') ?? '';
  if (type === 'multipart/related' && PAYLOADS.includes(root) && boundary !== '') {
    return { type: root as PayloadType, boundary };
  }
  throw new OrthancError('UnsupportedMediaType');
}

/** What a part of a request is; one that does not say so is what the request says. */
export function partType(contentType: string | undefined, otherwise: string): MediaRange {
  return parseMediaType(contentType === undefined || contentType === '' ? otherwise : contentType);
}

/**
 * The form of the answer: JSON unless the client prefers XML.
 * @param refusal the status of an `Accept` that cannot be met
 * @throws OrthancError
 */
export function answerType(accept: string | undefined, refusal: 400 | 406): AnswerType {
  if (accept === undefined || accept.trim() === '') return 'application/dicom+json';
  const ranges = parseAccept(accept);
  const [best, next] = ANSWERS.map(([type, names]) => {
    const qualities = ranges.filter((range) => names.includes(range.type)).map(({ quality }) => quality);
    return { type, quality: Math.max(0, ...qualities) };
  }).sort((a, b) => b.quality - a.quality);
  if (best!.quality === 0) {
    throw new OrthancError('BadRequest', 'The answer can be application/dicom+json or application/dicom+xml', refusal);
  }
  return best!.quality === next!.quality ? 'application/dicom+json' : best!.type;
}
