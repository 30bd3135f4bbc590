/** The uncompressed transfer syntaxes (PS3.5 sections A.1 to A.3 and A.5). */
const NATIVE = new Set(['1.2.840.10008.1.2', '1.2.840.10008.1.2.1', '1.2.840.10008.1.2.1.99', '1.2.840.10008.1.2.2']);

/** What frames of a transfer syntax are compressed by. */
export type PixelCodec = 'jpeg' | 'jpeg-ls' | 'jpeg-2000' | 'rle';

/** The transfer syntaxes whose frames can be decoded, by their codec (PS3.5 section A.4). */
const CODECS: Readonly<Record<string, PixelCodec>> = {
  '1.2.840.10008.1.2.4.50': 'jpeg',
  '1.2.840.10008.1.2.4.51': 'jpeg',
  '1.2.840.10008.1.2.4.53': 'jpeg',
  '1.2.840.10008.1.2.4.55': 'jpeg',
  '1.2.840.10008.1.2.4.57': 'jpeg',
  '1.2.840.10008.1.2.4.70': 'jpeg',
  '1.2.840.10008.1.2.4.80': 'jpeg-ls',
  '1.2.840.10008.1.2.4.81': 'jpeg-ls',
  '1.2.840.10008.1.2.4.90': 'jpeg-2000',
  '1.2.840.10008.1.2.4.91': 'jpeg-2000',
  '1.2.840.10008.1.2.4.92': 'jpeg-2000',
  '1.2.840.10008.1.2.4.93': 'jpeg-2000',
  '1.2.840.10008.1.2.4.201': 'jpeg-2000',
  '1.2.840.10008.1.2.4.202': 'jpeg-2000',
  '1.2.840.10008.1.2.4.203': 'jpeg-2000',
  '1.2.840.10008.1.2.5': 'rle',
};

/** The codec of a transfer syntax; undefined where nothing here reads it. */
export function codecOf(transferSyntax: string): PixelCodec | undefined {
  return CODECS[transferSyntax];
}

/** JPEG that loses something: baseline, extended and the retired ones between. */
const LOSSY_JPEG = new Set(['50', '51', '53', '55'].map((last) => `1.2.840.10008.1.2.4.${last}`));

/** Whether frames went through JPEG that loses something. */
export function isLossyJpeg(transferSyntax: string): boolean {
  return LOSSY_JPEG.has(transferSyntax);
}

/** The media types that Orthanc names for frames as they are stored; all others are bytes. */
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '1.2.840.10008.1.2.4.50': 'image/jpeg',
  '1.2.840.10008.1.2.4.90': 'image/jp2',
  '1.2.840.10008.1.2.4.91': 'image/jp2',
};

const OTHER_MEDIA_TYPE = 'application/octet-stream';

/** The media types that frames have as they are stored. */
export const FRAME_MEDIA_TYPES: readonly string[] = [OTHER_MEDIA_TYPE, ...new Set(Object.values(MEDIA_TYPES))];

/** Whether pixel data is a video: MPEG-2, MPEG-4 or HEVC (PS3.5 sections 8.2.5 to 8.2.11). */
export function isVideo(transferSyntax: string): boolean {
  return /^1\.2\.840\.10008\.1\.2\.4\.10[0-8](\.1)?$/.test(transferSyntax);
}

/** Whether pixel data stands in fragments (PS3.5 section A.4). */
export function isEncapsulated(transferSyntax: string): boolean {
  return !NATIVE.has(transferSyntax);
}

/** The media type of a frame as it is stored. */
export function frameMediaType(transferSyntax: string): string {
  return MEDIA_TYPES[transferSyntax] ?? OTHER_MEDIA_TYPE;
}
