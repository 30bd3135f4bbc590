import { EXPLICIT_LITTLE_ENDIAN, IMPLICIT_LITTLE_ENDIAN, isEncapsulated } from '@annal/dicom';
import { OCTETS, syntaxesOfMediaType } from '../http/frame-media-types.js';
import type { MediaRange } from '../http/media-range.js';
import type { DicomJsonDataSet } from './dicom-json-model.js';
import { UnsupportedBulkData } from './metadata-errors.js';

const STANDARD = /^1\.2\.840\.10008\.1\.2\.(?:4\.\d+(?:\.\d+)?|5)$/;
const NATIVE: readonly string[] = [EXPLICIT_LITTLE_ENDIAN, IMPLICIT_LITTLE_ENDIAN];

/**
 * The transfer syntax of pixel data: that of their media type, else that of the meta information where the metadata have
 * it, else the media type's default.
 * @throws UnsupportedBulkData
 */
export function bulkTransferSyntax({ type, parameters }: MediaRange, metadata: DicomJsonDataSet): string {
  const otherwise = defaultSyntax(type);
  if (otherwise === undefined) throw new UnsupportedBulkData('Pixel data of this media type are not supported');
  const named = parameters.get('transfer-syntax') ?? '*';
  const meta = metadata['00020010']?.Value?.[0];
  const syntax = named !== '*' ? named : typeof meta === 'string' && meta !== '' ? meta : otherwise;
  if (NATIVE.includes(syntax)) {
    if (type !== OCTETS) throw new UnsupportedBulkData('Pixel data as pictures are encapsulated');
    return EXPLICIT_LITTLE_ENDIAN;
  }
  if (!STANDARD.test(syntax) || !isEncapsulated(syntax))
    throw new UnsupportedBulkData('Pixel data of this transfer syntax are not supported');
  return syntax;
}

/** That of a media type that names none (PS3.18 section 8.7.3.3). */
function defaultSyntax(type: string): string | undefined {
  return type === OCTETS ? EXPLICIT_LITTLE_ENDIAN : syntaxesOfMediaType(type)?.[0];
}
