const PREFIX = '1.2.840.10008.1.2';
/** The media type of bytes of which nothing more is said. */
export const OCTETS = 'application/octet-stream';

const uids = (text: string): readonly string[] => text.split(' ').map((last) => PREFIX + last);

/**
 * The transfer syntaxes of compressed frames by their media types, the default of each first (PS3.18 tables 8.7.3-2 to
 * 8.7.3-4).
 */
const COMPRESSED: Readonly<Record<string, readonly string[]>> = {
  'image/jpeg': uids('.4.70 .4.50 .4.51 .4.57'),
  'image/jls': uids('.4.80 .4.81'),
  'image/jp2': uids('.4.90 .4.91'),
  'image/jpx': uids('.4.92 .4.93'),
  'image/jph': uids('.4.201 .4.202 .4.203'),
  'image/jxl': uids('.4.110 .4.111 .4.112'),
  'image/dicom-rle': uids('.5'),
  'video/mpeg': uids('.4.100 .4.100.1 .4.101 .4.101.1'),
  'video/mp4': uids('.4.102 .4.102.1 .4.103 .4.103.1 .4.104 .4.104.1 .4.105 .4.105.1 .4.106 .4.106.1'),
  'video/h265': uids('.4.107 .4.108'),
};

/** The media types of compressed frames. */
export const COMPRESSED_FRAMES: readonly string[] = Object.keys(COMPRESSED);

/** Names of former editions and of other servers. */
const ALIASES: Readonly<Record<string, string>> = {
  'image/dicom+jpeg': 'image/jpeg',
  'image/dicom+jpeg-ls': 'image/jls',
  'image/x-jls': 'image/jls',
  'image/jpeg-ls': 'image/jls',
  'image/dicom+jp2': 'image/jp2',
  'image/dicom+jpx': 'image/jpx',
  'image/jphc': 'image/jph',
  'image/dicom+rle': 'image/dicom-rle',
  'image/x-dicom-rle': 'image/dicom-rle',
  'image/rle': 'image/dicom-rle',
  'video/mpeg2': 'video/mpeg',
};

const TYPES = new Map(Object.entries(COMPRESSED).flatMap(([type, all]) => all.map((uid) => [uid, type])));

/** The media type of frames in a transfer syntax: bytes for what is not compressed, or not known. */
export function mediaTypeOfFrames(transferSyntax: string): string {
  return TYPES.get(transferSyntax) ?? OCTETS;
}

/** The transfer syntaxes of a media type of compressed frames, its default first; undefined for all others. */
export function syntaxesOfMediaType(type: string): readonly string[] | undefined {
  return COMPRESSED[ALIASES[type] ?? type];
}
