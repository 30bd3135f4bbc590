import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { type BuilderEntry, buildImage, type TestImage } from '../../../../../../libs/dicom/src/testing/index.js';
import { type Orthanc, realOrthanc } from '../../../../../../test/support/orthanc.js';
import { ImageApp } from './image-app.js';

const FOLDER = new URL('../../../../../../../shared/samples', import.meta.url).pathname;

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

/** An identifier of its own for each run, as an Orthanc that is there may have what came before. */
function uidOf(name: string): string {
  return `2.25.${BigInt(`0x${createHash('md5').update(`${name} ${process.hrtime.bigint()}`).digest('hex')}`)}`;
}

/** An answer of either server. */
export interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly body: Buffer;
}

/** What of an answer is compared: of pictures the pixels, of errors that are explained the number. */
export async function contentOf({ status, type, body }: Answer): Promise<string> {
  if (status >= 400)
    return body.length === 0 ? '' : String((JSON.parse(body.toString()) as Record<string, unknown>).OrthancStatus);
  if (type === 'image/png' || type === 'image/jpeg') {
    const { data, info } = await sharp(body).raw({ depth: 'ushort' }).toBuffer({ resolveWithObject: true });
    return `${info.width} ${info.height} ${info.channels} ${data.toString('base64')}`;
  }
  return type?.startsWith('application/json') ? JSON.stringify(JSON.parse(body.toString())) : body.toString('base64');
}

/** Real images, where they are, and made ones, by name. @param what is said not to run without the real ones */
function comparedImages(what: string): ReadonlyMap<string, Buffer> {
  const images = new Map<string, Buffer>();
  if (existsSync(FOLDER)) {
    const names = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((each) => each.endsWith('.dcm'));
    for (const name of names) images.set(name, readFileSync(join(FOLDER, name)));
  } else process.stderr.write(`NOT RUN: ${what} of ${FOLDER} beside a real Orthanc\n`);
  for (const [name, image] of Object.entries(MADE)) images.set(name, buildImage({ ...image, sopUid: uidOf(name) }));
  return images;
}

/** What a server answers to a GET. */
export async function answerOf(url: string, accept: string): Promise<Answer> {
  const answer = await fetch(url, { headers: { Accept: accept } });
  return {
    status: answer.status,
    type: answer.headers.get('content-type'),
    body: Buffer.from(await answer.arrayBuffer()),
  };
}

/** Stores a file at an Orthanc. @returns its identifier; undefined where it is refused, or another file has it */
async function storedAt(orthanc: Orthanc, file: Buffer): Promise<string | undefined> {
  const id = await orthanc.store(file);
  if (id === undefined) return undefined;
  const { body } = await answerOf(`${orthanc.url}/instances/${id}/file`, '*/*');
  return body.equals(file) ? id : undefined;
}

/** An image that both servers have: the other one under `id`, this one as `index` among the names of its images. */
export interface SharedImage {
  readonly orthanc: Orthanc;
  readonly id: string;
  readonly app: ImageApp;
  readonly index: number;
}

/** A test for each image: that both servers agree on it. @param what is compared, for who lacks the means */
export function itAgreesOnEachImage(what: string, compare: (image: SharedImage) => Promise<void>): void {
  const images = comparedImages(what);
  let orthanc: Orthanc | undefined;
  let app: ImageApp;
  beforeAll(async () => {
    orthanc = await realOrthanc(`the comparison of ${what} with those of Orthanc`);
    const samples = [...images].map(([, image], index) => ({ name: String(index), image }));
    app = await ImageApp.start(samples.filter(({ image }) => image.length > 1000 || image.includes('DICM')));
  });
  afterAll(async () => {
    await app.close();
    await orthanc?.stop();
  });

  it.each([...images.keys()].map((name, index) => [name, index] as const))('agree on %s', async (name, index) => {
    const id = orthanc && (await storedAt(orthanc, images.get(name)!));
    if (orthanc && id !== undefined) await compare({ orthanc, id, app, index });
  });
}
