import { EXPLICIT_LITTLE_ENDIAN, IMPLICIT_LITTLE_ENDIAN, isEncapsulated } from '@annal/dicom';
import type { MediaRange } from '../http/media-range.js';
import type { DicomJsonDataSet } from './dicom-json-model.js';
import { UnsupportedBulkData } from './metadata-errors.js';

/** The transfer syntax of a media type that names none (PS3.18 section 8.7.3.3). */
const DEFAULTS: Readonly<Record<string, string>> = {
  'application/octet-stream': EXPLICIT_LITTLE_ENDIAN,
  'image/jpeg': '1.2.840.10008.1.2.4.70',
  'image/jls': '1.2.840.10008.1.2.4.80',
  'image/jp2': '1.2.840.10008.1.2.4.90',
  'image/jpx': '1.2.840.10008.1.2.4.92',
  'image/jphc': '1.2.840.10008.1.2.4.201',
  'image/dicom-rle': '1.2.840.10008.1.2.5',
  'video/mpeg': '1.2.840.10008.1.2.4.100',
  'video/mpeg2': '1.2.840.10008.1.2.4.100',
  'video/mp4': '1.2.840.10008.1.2.4.102',
  'video/h265': '1.2.840.10008.1.2.4.107',
};
const STANDARD = /^1\.2\.840\.10008\.1\.2\.(?:4\.\d+(?:\.\d+)?|5)$/;
const NATIVE: readonly string[] = [EXPLICIT_LITTLE_ENDIAN, IMPLICIT_LITTLE_ENDIAN];

/**
 * The transfer syntax of pixel data: that of their media type, else that of the meta information where the metadata have
 * it, else the media type's default.
 * @throws UnsupportedBulkData
 */
export function bulkTransferSyntax({ type, parameters }: MediaRange, metadata: DicomJsonDataSet): string {
  const otherwise = DEFAULTS[type];
  if (otherwise === undefined) throw new UnsupportedBulkData('Pixel data of this media type are not supported');
  const named = parameters.get('transfer-syntax') ?? '*';
  const meta = metadata['00020010']?.Value?.[0];
  const syntax = named !== '*' ? named : typeof meta === 'string' && meta !== '' ? meta : otherwise;
  if (NATIVE.includes(syntax)) {
    if (type !== 'application/octet-stream') throw new UnsupportedBulkData('Pixel data as pictures are encapsulated');
    return EXPLICIT_LITTLE_ENDIAN;
  }
  if (!STANDARD.test(syntax) || !isEncapsulated(syntax))
    throw new UnsupportedBulkData('Pixel data of this transfer syntax are not supported');
  return syntax;
}
