import { type DecodedFrame, encodeFrame } from '@annal/dicom';
import { resourceIds, type ResourceIds } from '@annal/domain';
import {
  type BuilderEntry,
  buildInstance,
  type InstanceDescription,
} from '../../libs/dicom/src/testing/dicom-builder.js';
import { between, randomFrom } from './random.js';

/** Pixels of an image in each direction; 16 bits each. With the header, a slice takes 525 KB. */
const SIZE = 512;
/** Slices whose noise differs; ZIP archives look at each file alone. */
const PATTERNS = 8;
const SLICES_A_SERIES = 100;
const UID = '1.2.826.0.1.3680043.10.998';
/** JPEG, lossless, first-order prediction: what both servers read without plugins. */
const LOSSLESS_JPEG = '1.2.840.10008.1.2.4.70';

/** What there is to look at: a CT study, and images of several frames, plain and compressed. */
export type ImageKind = 'slices' | 'frames' | 'compressed frames';

/** Files of images. */
export interface ImageFiles {
  readonly kind: ImageKind;
  /** Slices of the study, in series of a hundred, or frames of the one image. */
  readonly count: number;
}

/** The identifiers of an image, the same on every server. */
export function idsOfImage(kind: ImageKind, index = 0): ResourceIds {
  const { patientId, studyUid, seriesUid, sopUid } = descriptionOf(kind, index);
  return resourceIds({
    patientId: patientId!,
    studyInstanceUid: studyUid!,
    seriesInstanceUid: seriesUid!,
    sopInstanceUid: sopUid!,
  });
}

/** The UIDs of an image, the same on every server. */
export function uidsOfImage(
  kind: ImageKind,
  index = 0,
): { readonly studyUid: string; readonly seriesUid: string; readonly sopUid: string } {
  const { studyUid, seriesUid, sopUid } = descriptionOf(kind, index);
  return { studyUid: studyUid!, seriesUid: seriesUid!, sopUid: sopUid! };
}

/** Makes them, one after the other. */
export async function* imageFiles({ kind, count }: ImageFiles): AsyncGenerator<Buffer, void> {
  const pixels = Array.from({ length: Math.min(PATTERNS, count) }, (_, seed) => slicePixels(seed));
  const pixelsOf = (index: number): Buffer => pixels[index % pixels.length]!;
  if (kind === 'slices') {
    for (let index = 0; index < count; index++) yield imageFile(kind, index, { pixelBytes: pixelsOf(index) });
    return;
  }
  const frames = Array.from({ length: count }, (_, index) => pixelsOf(index));
  if (kind === 'frames') {
    yield imageFile(kind, 0, { pixelBytes: Buffer.concat(frames) }, count);
    return;
  }
  const encoded = await Promise.all(pixels.map(encode));
  const fragments = [Buffer.alloc(0), ...frames.map((_, index) => encoded[index % encoded.length]!)];
  yield imageFile(kind, 0, { transferSyntax: LOSSLESS_JPEG, fragments }, count);
}

async function encode(data: Buffer): Promise<Buffer> {
  const frame: DecodedFrame = {
    kind: 'integer',
    rows: SIZE,
    columns: SIZE,
    samplesPerPixel: 1,
    photometric: 'MONOCHROME2',
    bitsAllocated: 16,
    bitsStored: 12,
    highBit: 11,
    signed: false,
    data,
  };
  const { bytes } = await encodeFrame(frame, LOSSLESS_JPEG, 100);
  return bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(1)]);
}

function imageFile(kind: ImageKind, index: number, content: InstanceDescription, frames?: number): Buffer {
  const series = index % SLICES_A_SERIES;
  const extra: BuilderEntry[] = [
    [0x00180050, 'DS', '1'],
    [0x00200032, 'DS', ['-250', '-250', String(series)]],
    [0x00200037, 'DS', ['1', '0', '0', '0', '1', '0']],
    [0x00280002, 'US', 1],
    [0x00280004, 'CS', 'MONOCHROME2'],
    ...(frames === undefined ? [] : [[0x00280008, 'IS', String(frames)] as const]),
    [0x00280010, 'US', SIZE],
    [0x00280011, 'US', SIZE],
    [0x00280030, 'DS', ['0.9765625', '0.9765625']],
    [0x00280100, 'US', 16],
    [0x00280101, 'US', 12],
    [0x00280102, 'US', 11],
    [0x00280103, 'US', 0],
    [0x00281050, 'DS', '1064'],
    [0x00281051, 'DS', '400'],
    [0x00281052, 'DS', '-1024'],
    [0x00281053, 'DS', '1'],
  ];
  return buildInstance({ ...descriptionOf(kind, index), ...content, extra });
}

function descriptionOf(kind: ImageKind, index: number): InstanceDescription {
  const study = { slices: 1, frames: 2, 'compressed frames': 3 }[kind];
  const series = Math.floor(index / SLICES_A_SERIES) + 1;
  return {
    patientId: `IMAGES-${study}`,
    patientName: 'IMAGES^OF',
    studyUid: `${UID}.${study}`,
    seriesUid: `${UID}.${study}.${series}`,
    sopUid: `${UID}.${study}.${series}.${index + 1}`,
    sopClassUid: study === 1 ? '1.2.840.10008.5.1.4.1.1.2' : '1.2.840.10008.5.1.4.1.1.7.3',
    modality: study === 1 ? 'CT' : 'OT',
    seriesNumber: series,
    instanceNumber: (index % SLICES_A_SERIES) + 1,
  };
}

/** A slice as of a body in air: a disc of soft tissue with bone around it, and the noise of a scanner. */
function slicePixels(seed: number): Buffer {
  const random = randomFrom(seed + 1);
  const pixels = Buffer.alloc(2 * SIZE * SIZE);
  const radius = 200 + seed;
  for (let row = 0; row < SIZE; row++) {
    for (let column = 0; column < SIZE; column++) {
      const distance = Math.hypot(row - SIZE / 2, (column - SIZE / 2) * 1.2);
      const tissue = distance < radius - 12 ? 1064 : distance < radius ? 1700 : 24;
      // the sum of several is nearly normal
      const noise = between(random, -12, 12) + between(random, -12, 12) + between(random, -12, 12);
      pixels.writeUInt16LE(
        Math.max(0, tissue + (tissue === 24 ? Math.trunc(noise / 3) : noise)),
        2 * (row * SIZE + column),
      );
    }
  }
  return pixels;
}
