import sharp from 'sharp';
import { ImageApp, type SampleImage } from '../../rest/images/testing/image-app.js';
import { type ReceivedPart, receivedParts } from '../retrieve/testing/parts.js';

const bytes = (...values: number[]): Buffer => Buffer.from(values);
const GREY = { rows: 2, columns: 2 };
const FRAMES = bytes(0, 0, 0, 255, 0, 0, 255, 255, 0, 255, 255, 255);

const IMAGES: readonly SampleImage[] = [
  { name: '1', image: { ...GREY, frames: 3, pixelBytes: FRAMES, extra: [[0x00181063, 'DS', '40.4']] } },
  { name: '2', image: { ...GREY, frames: 3, pixelBytes: FRAMES } },
  { name: '3', image: { ...GREY, rows: 5, frames: 10, pixelBytes: Buffer.alloc(100) } },
  { name: '4', image: { ...GREY }, series: 'mixed' },
  { name: '5', image: { ...GREY, pixelBytes: bytes(9, 0, 0, 0) }, series: 'mixed' },
  { name: '6', image: { ...GREY, frames: 2, pixelBytes: bytes(0, 9, 0, 0, 0, 0, 9, 0) }, series: 'mixed' },
  { name: '7', image: { ...GREY, pixelBytes: bytes(0, 9, 0, 0) }, series: 'broken' },
  { name: '8', image: { ...GREY, frames: 2, pixelBytes: bytes(0, 9, 0, 0) }, series: 'broken' },
  { name: '9/\r\nX-A: b\r\n\r\nc', image: { ...GREY, pixelBytes: bytes(0, 9, 0, 0) }, series: '? #"é' },
];
const LIMITS = { MaxAnimationSize: 50, MaxFrameList: 4 };
const RELATED = 'multipart/related; type="image/png"';

const series = (name: string): string => `/dicom-web/studies/1.1/series/1.2.${name}`;
const instance = (name: string, of = name): string => `${series(of)}/instances/1.3.${name}`;

/** The parts of an answer. */
async function partsOf(answer: Response): Promise<readonly ReceivedPart[]> {
  return receivedParts(answer.headers.get('content-type'), Buffer.from(await answer.arrayBuffer()));
}

/** The grey values of a picture. */
async function greyOf(picture: Buffer): Promise<number[]> {
  const { data, info } = await sharp(picture).raw().toBuffer({ resolveWithObject: true });
  return [...data].filter((_, index) => index % info.channels === 0);
}

describe('several rendered frames', () => {
  let app: ImageApp;
  beforeAll(async () => {
    app = await ImageApp.start(IMAGES, LIMITS);
  });
  afterAll(() => app.close());

  const get = (path: string, accept: string): Promise<Response> => fetch(app.url + path, { headers: { accept } });

  /** The parts of an answer: location below the services, type and grey values. */
  async function parts(path: string, accept: string): Promise<unknown[]> {
    const answer = await get(path, accept);
    expect([answer.status, answer.headers.get('content-type')?.split(';')[0]]).toEqual([200, 'multipart/related']);
    const all = await partsOf(answer);
    return Promise.all(
      all.map(async ({ headers, body }) => {
        const location = headers['Content-Location']!.replace(`${app.url}/dicom-web/studies/1.1/series/`, '');
        return [location, headers['Content-Type'], await greyOf(body)];
      }),
    );
  }

  it('come in parts, in the order and as often as they are named', async () => {
    const frame = (number: number): string => `1.2.1/instances/1.3.1/frames/${number}/rendered`;
    expect(await parts(`${instance('1')}/frames/3,1,3/rendered`, 'image/png')).toEqual([
      [frame(3), 'image/png', [0, 255, 255, 255]],
      [frame(1), 'image/png', [0, 0, 0, 255]],
      [frame(3), 'image/png', [0, 255, 255, 255]],
    ]);
    expect(await parts(`${instance('1')}/frames/2/rendered?viewport=1,1`, RELATED)).toEqual([
      [frame(2), 'image/png', [255]],
    ]);
  });

  it('are those of all images of a study, a series or an instance, where parts are accepted alone', async () => {
    expect(await parts(`${series('mixed')}/rendered`, RELATED)).toEqual([
      ['1.2.mixed/instances/1.3.5/frames/1/rendered', 'image/png', [255, 0, 0, 0]],
      ['1.2.mixed/instances/1.3.6/frames/1/rendered', 'image/png', [0, 255, 0, 0]],
      ['1.2.mixed/instances/1.3.6/frames/2/rendered', 'image/png', [0, 0, 255, 0]],
    ]);
    expect(await parts(`${instance('1')}/rendered`, 'multipart/related; type=image/png')).toHaveLength(3);
    const jpeg = await get(`${instance('1')}/rendered`, 'multipart/related');
    expect(jpeg.headers.get('content-type')).toContain('type="image/jpeg"');
    expect(await partsOf(jpeg)).toHaveLength(3);
  });

  it('say where they are in one line, whatever stands for their UIDs', async () => {
    const path = '1.2.%3F%20%23%22%C3%A9/instances/1.3.9%2F%0D%0AX-A%3A%20b%0D%0A%0D%0Ac/frames/1/rendered';
    const [series] = path.split('/');
    expect(await parts(`/dicom-web/studies/1.1/series/${series}/rendered`, RELATED)).toEqual([
      [path, 'image/png', [0, 255, 0, 0]],
    ]);
  });

  it('are all there or refused', async () => {
    for (const [frames, status] of [
      ['1,4', 400],
      ['1,x', 400],
      ['1,', 400],
      ['1,1,1,1,1', 413],
    ] as const) {
      expect([frames, (await get(`${instance('1')}/frames/${frames}/rendered`, '*/*')).status]).toEqual([
        frames,
        status,
      ]);
    }
    expect((await get(`${instance('4', 'mixed')}/rendered`, RELATED)).status).toBe(400);
    expect((await get(`${instance('99')}/rendered`, RELATED)).status).toBe(404);
  });

  it('break off where one turns out not to be there', async () => {
    const answer = await get(`${series('broken')}/rendered`, RELATED);
    expect(answer.status).toBe(200);
    await expect(answer.arrayBuffer()).rejects.toThrow();
  });

  it('are one thumbnail', async () => {
    const answer = await get(`${instance('1')}/frames/2,1/thumbnail`, 'image/png');
    expect(await greyOf(Buffer.from(await answer.arrayBuffer()))).toEqual([0, 0, 255, 255]);
    expect((await get(`${instance('1')}/thumbnail`, RELATED)).headers.get('content-type')).toBe('image/png');
  });

  it('are a moving GIF of an instance', async () => {
    const gif = async (path: string): Promise<unknown> => {
      const answer = await get(path, 'image/gif');
      const { pages, pageHeight, width, delay } = await sharp(Buffer.from(await answer.arrayBuffer()), {
        animated: true,
      }).metadata();
      return [answer.headers.get('content-type'), width, pageHeight, pages, delay];
    };
    expect(await gif(`${instance('1')}/rendered`)).toEqual(['image/gif', 2, 2, 3, [40, 40, 40]]);
    expect(await gif(`${instance('2')}/rendered?viewport=4,3`)).toEqual(['image/gif', 4, 3, 3, [100, 100, 100]]);
    expect(await gif(`${instance('2')}/thumbnail`)).toEqual(['image/gif', 2, undefined, 1, [0]]);
    const body = Buffer.from(await (await get(`${instance('1')}/rendered`, 'image/gif')).arrayBuffer());
    const last = await sharp(body, { page: 2 }).toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
    expect([...last.data].filter((_, index) => index % last.info.channels === 0)).toEqual([0, 255, 255, 255]);
  });

  it('are no GIF where all of them together would be too large', async () => {
    const answer = await get(`${instance('3')}/rendered`, 'image/gif');
    expect([answer.status, ((await answer.json()) as { Details: string }).Details]).toEqual([
      413,
      'More than 50 pixels in all frames: ask for a smaller viewport, or for one frame',
    ]);
    expect((await get(`${instance('3')}/rendered?viewport=2,2`, 'image/gif')).status).toBe(200);
    expect((await get(`${instance('3')}/frames/1/rendered`, 'image/gif')).status).toBe(200);
  });

  it('are told of by HEAD', async () => {
    const answer = await fetch(`${app.url}${instance('1')}/frames/1,2/rendered`, { method: 'HEAD' });
    expect([answer.status, answer.headers.get('content-type')?.split(';')[0]]).toEqual([200, 'multipart/related']);
  });
});
