/** The uncompressed transfer syntaxes (PS3.5 sections A.1 to A.3 and A.5). */
const NATIVE = new Set(['1.2.840.10008.1.2', '1.2.840.10008.1.2.1', '1.2.840.10008.1.2.1.99', '1.2.840.10008.1.2.2']);

/** The media types that Orthanc names for frames as they are stored; all others are bytes. */
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '1.2.840.10008.1.2.4.50': 'image/jpeg',
  '1.2.840.10008.1.2.4.90': 'image/jp2',
  '1.2.840.10008.1.2.4.91': 'image/jp2',
};

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
  return MEDIA_TYPES[transferSyntax] ?? 'application/octet-stream';
}
