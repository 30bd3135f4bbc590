import { parseAccept } from '@annal/dicomweb';
import { OrthancError } from '../../http/errors/http-errors.js';

/** What WADO-URI serves. */
export type WadoContentType = 'image/jpeg' | 'image/png' | 'image/gif' | 'application/dicom';

const NAMES: Readonly<Record<string, WadoContentType>> = {
  '*/*': 'image/jpeg',
  'image/*': 'image/jpeg',
  'image/jpg': 'image/jpeg',
  'image/jpeg': 'image/jpeg',
  'image/png': 'image/png',
  'image/gif': 'image/gif',
  'application/dicom': 'application/dicom',
};
/** Of a value that is wrong, so much is repeated. */
const REPEATED = 100;

/** A content type and what a client said of it. */
export interface WantedContent {
  readonly type: WadoContentType;
  /** Of `application/dicom`, where one was given with it. */
  readonly transferSyntax?: string;
}

/**
 * The first content type that can be served of those in the parameter `contentType` (PS3.18 section 9.4.1.2.4); a JPEG
 * where there is none.
 * @throws OrthancError 400, as Orthanc's plugin
 */
export function wantedContent(contentType: string | undefined): WantedContent {
  if (contentType === undefined) return { type: 'image/jpeg' };
  const ranges = [...parseAccept(contentType)].filter(({ quality }) => quality > 0);
  for (const { type, parameters } of ranges.sort((a, b) => b.quality - a.quality)) {
    const served = NAMES[type];
    if (!served) continue;
    const transferSyntax = parameters.get('transfer-syntax');
    return { type: served, ...(transferSyntax !== undefined && { transferSyntax }) };
  }
  throw new OrthancError('BadRequest', `WADO-URI: Unsupported content type: "${contentType.slice(0, REPEATED)}"`);
}
