import { randomInt } from 'node:crypto';
import sharp from 'sharp';
import { type BuilderEntry, buildImage, TransferSyntax } from '../../../../../libs/dicom/src/testing/index.js';

const SIDE = 128;
const CT = '1.2.840.10008.5.1.4.1.1.2';
const MR = '1.2.840.10008.5.1.4.1.1.4';
const CAPTURE = '1.2.840.10008.5.1.4.1.1.7';
const US_FRAMES = '1.2.840.10008.5.1.4.1.1.3.1';
const JPEG = '1.2.840.10008.1.2.4.50';

/** One value a pixel: a slope, and a bright square that moves with the picture's number. */
function grey(number: number): readonly number[] {
  return Array.from({ length: SIDE * SIDE }, (_, index) => {
    const [x, y] = [index % SIDE, Math.floor(index / SIDE)];
    const left = 8 + ((number * 24) % 96);
    const isSquare = x >= left && x < left + 24 && y >= 20 && y < 60;
    return isSquare ? 250 : Math.round((x + y) / 2);
  });
}

/** The same in colours that differ by place. */
function colours(number: number): Buffer {
  return Buffer.from(
    grey(number).flatMap((value, index) => [value, Math.floor((index / SIDE / SIDE) * 200), 255 - value]),
  );
}

function uids(): { readonly studyUid: string; readonly seriesUid: string } {
  const studyUid = `1.2.826.0.1.3680043.10.998.${randomInt(2 ** 40)}`;
  return { studyUid, seriesUid: `${studyUid}.1` };
}

function series(modality: string, sopClassUid: string, count: number): readonly Buffer[] {
  const { studyUid, seriesUid } = uids();
  return Array.from({ length: count }, (_, number) => {
    const pixels = Buffer.from(Uint16Array.from(grey(number), (value) => value * 10).buffer);
    const extra: readonly BuilderEntry[] = [
      [0x00180050, 'DS', '2'],
      [0x00200032, 'DS', `0\\0\\${number * 2}`],
      [0x00200037, 'DS', String.raw`1\0\0\0\1\0`],
      [0x00200052, 'UI', `${studyUid}.2`],
      [0x00280030, 'DS', String.raw`1\1`],
      [0x00281050, 'DS', '1250'],
      [0x00281051, 'DS', '2500'],
    ];
    return buildImage({
      ...{ studyUid, seriesUid, sopUid: `${seriesUid}.${number + 1}`, sopClassUid, modality, extra },
      ...{ instanceNumber: number + 1, seriesNumber: 1, studyDescription: `Made ${modality}` },
      ...{ rows: SIDE, columns: SIDE, bitsAllocated: 16, bitsStored: 12, pixelBytes: pixels },
    });
  });
}

function colourImage(modality: string, sopClassUid: string, more: object): Buffer {
  const { studyUid, seriesUid } = uids();
  const names = { studyUid, seriesUid, sopUid: `${seriesUid}.1`, sopClassUid, modality };
  return buildImage({
    ...{ ...names, studyDescription: `Made ${modality}`, seriesNumber: 1, instanceNumber: 1 },
    ...{ rows: SIDE, columns: SIDE, samples: 3, transferSyntax: TransferSyntax.explicitLittleEndian, ...more },
  });
}

/** Files of each kind that the viewer shows; every call makes studies of its own. */
export const MADE: Readonly<Record<string, () => Promise<readonly Buffer[]>>> = {
  'a CT series': async () => series('CT', CT, 4),
  'an MR series': async () => series('MR', MR, 3),
  'a colour image': async () => [colourImage('OT', CAPTURE, { pixelBytes: colours(2) })],
  'a multi-frame image': async () => [
    colourImage('US', US_FRAMES, { frames: 3, pixelBytes: Buffer.concat([0, 1, 2].map(colours)) }),
  ],
  'a JPEG image': async () => {
    const jpeg = await sharp(colours(1), { raw: { width: SIDE, height: SIDE, channels: 3 } })
      .jpeg({ quality: 95, chromaSubsampling: '4:4:4' })
      .toBuffer();
    const padded = jpeg.length % 2 === 0 ? jpeg : Buffer.concat([jpeg, Buffer.alloc(1)]);
    const fragments = [Buffer.alloc(0), padded];
    return [colourImage('OT', CAPTURE, { transferSyntax: JPEG, photometric: 'YBR_FULL_422', fragments })];
  },
};
