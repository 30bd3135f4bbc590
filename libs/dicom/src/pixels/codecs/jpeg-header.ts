import { type Codestream, damaged } from './codestream.js';

const SOI = 0xffd8;
const SOS = 0xda;
const EOI = 0xd9;
const APP14 = 0xee;
const JPEG_LS = 0xf7;
/** Start of frame: all processes of JPEG (ISO/IEC 10918-1 table B.1), and JPEG-LS (ISO/IEC 14495-1 C.1.1). */
const START_OF_FRAME = new Set([0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf, JPEG_LS]);

interface Segment {
  readonly marker: number;
  /** Without its length. */
  readonly content: Buffer;
}

/** The marker segments in front of the first scan's data. */
function* segments(bytes: Buffer): Generator<Segment, void> {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== SOI) damaged('The frame is no JPEG image');
  let at = 2;
  for (;;) {
    while (bytes[at] === 0xff && bytes[at + 1] === 0xff) at++;
    const marker = bytes[at + 1];
    if (bytes[at] !== 0xff || marker === undefined || at + 4 > bytes.length) break;
    const length = bytes.readUInt16BE(at + 2);
    if (length < 2 || at + 2 + length > bytes.length) break;
    yield { marker, content: bytes.subarray(at + 4, at + 2 + length) };
    if (marker === SOS) return;
    at += 2 + length;
  }
  damaged('The header of the JPEG image is damaged');
}

/** Whether the image ends where it should: decoders make up what is missing. */
function endsWell(bytes: Buffer): boolean {
  return bytes.lastIndexOf(Buffer.from([0xff, EOI])) > 0;
}

/** Adobe's marker says whether colours were transformed (ISO/IEC 10918-6 section 6.5.3). */
function isAdobeRgb({ marker, content }: Segment): boolean {
  return marker === APP14 && content.length >= 12 && content.toString('latin1', 0, 5) === 'Adobe' && content[11] === 0;
}

/**
 * The header of a JPEG or JPEG-LS image.
 * @throws PixelDataError `codestream` also where its end is missing
 */
export function jpegCodestream(bytes: Buffer): Codestream {
  let frame: Segment | undefined;
  let rgb = false;
  for (const segment of segments(bytes)) {
    if (START_OF_FRAME.has(segment.marker)) frame ??= segment;
    rgb ||= isAdobeRgb(segment);
    if (segment.marker !== SOS) continue;
    const { content, marker } = frame ?? damaged('The JPEG image has no frame header');
    const samplesPerPixel = content[5] ?? 0;
    if (content.length < 6 + 3 * samplesPerPixel) damaged('The header of the JPEG image is damaged');
    if (!endsWell(bytes)) damaged('The JPEG image breaks off');
    const interleave = segment.content[(segment.content[0] ?? 0) * 2 + 2];
    return {
      precision: content[0]!,
      rows: content.readUInt16BE(1),
      columns: content.readUInt16BE(3),
      samplesPerPixel,
      signed: false,
      planar: marker === JPEG_LS && samplesPerPixel > 1 && interleave === 0,
      rgb,
    };
  }
  return damaged('The header of the JPEG image is damaged');
}
