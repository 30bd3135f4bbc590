import { type DecodedFrame, encodeFrame } from '@annal/dicom';
import { buildImage, type TestImage } from '../../libs/dicom/src/testing/index.js';

/** What the UIDs of the usual transfer syntaxes begin with. */
export const BASE = '1.2.840.10008.1.2';
export const [STUDY, SERIES] = ['1.2.3', '1.2.3.1'];
const SIDE = 16;
/** The pixels of a frame. */
export const GREY = Buffer.from(Array.from({ length: SIDE * SIDE }, (_, index) => (index * 7) % 256));

/** The file of an instance of the study. */
export const image = (sop: string, more: Partial<TestImage> = {}): Buffer =>
  buildImage({
    rows: SIDE,
    columns: SIDE,
    studyUid: STUDY,
    seriesUid: SERIES,
    sopUid: sop,
    patientId: 'P',
    pixelBytes: GREY,
    ...more,
  });

/** The same, compressed, of two frames. */
export const compressed = async (sop: string, transferSyntax: string): Promise<Buffer> => {
  const form = { rows: SIDE, columns: SIDE, samplesPerPixel: 1, photometric: 'MONOCHROME2', kind: 'integer' } as const;
  const frame: DecodedFrame = { ...form, bitsAllocated: 8, bitsStored: 8, highBit: 7, signed: false, data: GREY };
  const { bytes } = await encodeFrame(frame, transferSyntax, 90);
  const even = Buffer.concat([bytes, Buffer.alloc(bytes.length % 2)]);
  return image(sop, { transferSyntax, frames: 2, fragments: [Buffer.alloc(0), even, even] });
};

const FOREIGN = { studyUid: '1.2.6', seriesUid: '1.2.6.1', patientId: 'R' };
/** In a transfer syntax that nothing here makes: bytes that nobody looks at. */
export const foreign = (sop: string, transferSyntax: string): Buffer =>
  image(sop, { ...FOREIGN, transferSyntax, fragments: [Buffer.alloc(0), Buffer.alloc(64, 1)] });

/** Instances by the transfer syntax of their frames, of those that are only had as they are stored. */
export const AS_STORED: Readonly<Record<string, string>> = Object.fromEntries(
  ['92', '93', '110', '111', '112', '100', '100.1', '101', '101.1', '102', '102.1', '103', '103.1']
    .concat(['104', '104.1', '105', '105.1', '106', '106.1', '107', '108'])
    .map((last, index) => [`${BASE}.4.${last}`, `1.2.3.1.${100 + index}`]),
);

/** The path of the usual instance. */
export const INSTANCE = `/studies/${STUDY}/series/${SERIES}/instances/1.2.3.1.1`;

/** The path of an instance. */
export const of = (sop: string, study = STUDY, series = SERIES): string =>
  `/studies/${study}/series/${series}/instances/${sop}`;

/** The path of the instance of `AS_STORED` with a transfer syntax. */
export const ofForeign = (syntax: string): string => of(AS_STORED[syntax]!, FOREIGN.studyUid, FOREIGN.seriesUid);
