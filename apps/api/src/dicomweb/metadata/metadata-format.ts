import { negotiate } from '@annal/dicomweb';
import { OrthancError } from '../../http/errors/http-errors.js';
import { unacceptable } from '../common/unacceptable.js';

/** The forms of metadata: one JSON list, or a part of XML an instance. */
export type MetadataFormat = 'json' | 'xml';

const JSON_TYPES: ReadonlySet<string> = new Set(['application/dicom+json', 'application/json', 'application/*', '*/*']);
const XML = 'application/dicom+xml';

/**
 * The form that a client accepts (PS3.18 section 8.7.3.2).
 * @param strict the option `Annal.DicomWebStrictStatus`
 * @throws OrthancError 400, 406
 */
export function metadataFormat(accept: string | undefined, strict: boolean): MetadataFormat {
  let problem: string | undefined;
  const format = negotiate(accept, ({ type, parameters }): MetadataFormat | undefined => {
    if (JSON_TYPES.has(type)) return 'json';
    if (type !== 'multipart/related' && type !== 'multipart/*') return undefined;
    const part = parameters.get('type')?.toLowerCase();
    if (part === XML) return 'xml';
    problem =
      part === undefined
        ? 'Missing "type" in multipart/related accept type'
        : 'This WADO-RS plugin only supports application/dicom+xml type for multipart/related accept';
    return undefined;
  });
  if (format) return format;
  throw strict || problem === undefined ? unacceptable(strict, accept) : new OrthancError('BadRequest', problem);
}
