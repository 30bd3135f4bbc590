import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { type BuilderEntry, buildImage, type TestImage } from '../../../../../libs/dicom/src/testing/index.js';
import { type Orthanc, realOrthanc } from '../../../../../test/support/orthanc.js';
import { ImageApp } from './testing/image-app.js';

const FOLDER = new URL('../../../../../../shared/samples', import.meta.url).pathname;

/** What is asked of each image: paths, and forms of pictures. */
const QUESTIONS: readonly (readonly [path: string, accept: string])[] = [
  ...[
    'preview',
    'rendered',
    'image-uint8',
    'image-uint16',
    'image-int16',
    'frames/1/preview',
    'frames/1/rendered',
    'rendered?width=100',
    'rendered?height=50&width=60',
    'rendered?width=77&smooth=1',
    'rendered?width=999&smooth=1',
    'rendered?window-center=100&window-width=333.3',
    'rendered?window-center=-50.5',
    'preview?quality=200',
    'rendered?window-width=x',
    'numpy',
    'numpy?rescale=0',
    'frames/0/numpy',
    'frames/9999/numpy',
    'matlab',
    'frames',
    'frames/0/raw',
    'frames/1/raw',
  ].map((path) => [path, '*/*'] as const),
  ['rendered', 'image/jpeg'],
  ['preview?quality=30', 'image/jpeg'],
  ['image-int16', 'image/x-portable-arbitrarymap'],
];

const bytes = (values: { readonly buffer: ArrayBufferLike }): Buffer => Buffer.from(values.buffer);
const counting = (length: number, step: number): number[] => Array.from({ length }, (_, index) => index * step);
const grey = (pixels: { readonly buffer: ArrayBufferLike }, image: Partial<TestImage> = {}): TestImage => ({
  rows: 40,
  columns: 50,
  bitsAllocated: 16,
  pixelBytes: bytes(pixels),
  ...image,
});
const window = (center: string, width: string, slope: string, intercept: string): BuilderEntry[] => [
  [0x00281050, 'DS', center],
  [0x00281051, 'DS', width],
  [0x00281052, 'DS', intercept],
  [0x00281053, 'DS', slope],
];

/** Kinds of pixels of which there are few files. */
const MADE: Readonly<Record<string, TestImage>> = {
  'unsigned, 16 bits': grey(Uint16Array.from(counting(2000, 32))),
  'unsigned, 12 bits': grey(Uint16Array.from(counting(2000, 2)), { bitsStored: 12 }),
  'signed, 16 bits': grey(
    Int16Array.from(counting(2000, 32), (value) => value - 32000),
    { signed: true },
  ),
  'inverted, 8 bits': grey(Uint8Array.from(counting(2000, 3)), { bitsAllocated: 8, photometric: 'MONOCHROME1' }),
  'one value': grey(Uint16Array.from(counting(2000, 0))),
  'colours, 16 bits': grey(Uint16Array.from(counting(6000, 10)), { samples: 3 }),
  'colours in planes': grey(Uint8Array.from(counting(6000, 7)), { samples: 3, bitsAllocated: 8, planar: 1 }),
  'luminance and chrominance': grey(Uint8Array.from(counting(6000, 11)), {
    samples: 3,
    bitsAllocated: 8,
    photometric: 'YBR_FULL',
  }),
  'a window': grey(Uint16Array.from(counting(2000, 2)), { extra: window('40.5\\7', '399.7\\8', '0.207791', '-1024') }),
  'a falling window': grey(Uint16Array.from(counting(2000, 2)), { extra: window('0', '350.163', '-3.7', '100.7') }),
  'no slope': grey(Uint16Array.from(counting(2000, 32)), { extra: window('0', '4', '0', '0') }),
};

/** Where answers differ, and should. */
function isKnown(path: string, theirs: Answer, ours: Answer): boolean {
  // it has other words for frames that are not there, by transfer syntax
  if (path === 'frames/9999/numpy') return theirs.status >= 400 && ours.status >= 400;
  // it does not resize colours of 16 bits
  if (path.startsWith('rendered?') && theirs.status === 415) return ours.status === 200;
  // it reads fewer kinds of images for arrays than for pictures
  if (path.includes('numpy') && theirs.status === 500 && ours.status === 200) return true;
  // channels, rows and columns are not what it says
  if (path === 'matlab' && theirs.body.includes('reshape')) return ours.body.includes('reshape');
  return path === 'matlab' && theirs.status === 500 && ours.status === 200;
}

/** An identifier of its own for each run, as an Orthanc that is there may have what came before. */
function uidOf(name: string): string {
  return `2.25.${BigInt(`0x${createHash('md5').update(`${name} ${process.hrtime.bigint()}`).digest('hex')}`)}`;
}

interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly body: Buffer;
}

/** What of an answer is compared: of pictures the pixels, of errors that are explained the number. */
async function contentOf({ status, type, body }: Answer): Promise<string> {
  if (status >= 400)
    return body.length === 0 ? '' : String((JSON.parse(body.toString()) as Record<string, unknown>).OrthancStatus);
  if (type === 'image/png' || type === 'image/jpeg') {
    const { data, info } = await sharp(body).raw({ depth: 'ushort' }).toBuffer({ resolveWithObject: true });
    return `${info.width} ${info.height} ${info.channels} ${data.toString('base64')}`;
  }
  return type?.startsWith('application/json') ? JSON.stringify(JSON.parse(body.toString())) : body.toString('base64');
}

describe('images and Orthanc', () => {
  const images = new Map<string, Buffer>();
  if (existsSync(FOLDER)) {
    for (const name of readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((each) =>
      each.endsWith('.dcm'),
    )) {
      images.set(name, readFileSync(join(FOLDER, name)));
    }
  } else process.stderr.write(`NOT RUN: images of ${FOLDER} beside a real Orthanc\n`);
  for (const [name, image] of Object.entries(MADE)) images.set(name, buildImage({ ...image, sopUid: uidOf(name) }));

  let orthanc: Orthanc | undefined;
  let app: ImageApp;
  beforeAll(async () => {
    orthanc = await realOrthanc('the comparison of pictures and arrays with those of Orthanc');
    const samples = [...images].map(([, image], index) => ({ name: String(index), image }));
    app = await ImageApp.start(samples.filter(({ image }) => image.length > 1000 || image.includes('DICM')));
  });
  afterAll(async () => {
    await app.close();
    await orthanc?.stop();
  });

  async function answerOf(url: string, accept: string): Promise<Answer> {
    const answer = await fetch(url, { headers: { Accept: accept } });
    return {
      status: answer.status,
      type: answer.headers.get('content-type'),
      body: Buffer.from(await answer.arrayBuffer()),
    };
  }

  it.each([...images.keys()].map((name, index) => [name, index] as const))('agree on %s', async (name, index) => {
    const id = await orthanc?.store(images.get(name)!);
    if (!orthanc || id === undefined) return;
    for (const [path, accept] of QUESTIONS) {
      const theirs = await answerOf(`${orthanc.url}/instances/${id}/${path}`, accept);
      const ours = await app.instance(String(index), path, { Accept: accept });
      if (isKnown(path, theirs, ours)) continue;
      expect([path, accept, ours.status, ours.type]).toEqual([path, accept, theirs.status, theirs.type]);
      if ((await contentOf(ours)) !== (await contentOf(theirs))) throw new Error(`${path} as ${accept} differs`);
    }
  });
});
