import sharp from 'sharp';
import { type ImageAnswer, ImageApp, type SampleImage } from '../../rest/images/testing/image-app.js';

const bytes = (...values: number[]): Buffer => Buffer.from(values);
const GREY = { rows: 2, columns: 2 };

const IMAGES: readonly SampleImage[] = [
  { name: '1', image: { ...GREY, pixelBytes: bytes(0, 51, 102, 255) } },
  { name: '2', image: { ...GREY, frames: 3, pixelBytes: bytes(0, 0, 0, 255, 0, 0, 255, 255, 0, 255, 255, 255) } },
  { name: '3', image: { rows: 1, columns: 2, samples: 3, pixelBytes: bytes(1, 2, 3, 4, 5, 6) } },
  { name: '4', image: { ...GREY } },
  { name: '5', image: { ...GREY }, series: 'mixed' },
  { name: '6', image: { ...GREY, pixelBytes: bytes(9, 0, 0, 0) }, series: 'mixed' },
  { name: '7', image: { ...GREY, pixelBytes: bytes(0, 9, 0, 0) }, series: 'mixed' },
  { name: '8', image: { ...GREY, rows: 300, columns: 300, pixelBytes: Buffer.alloc(90_000, 7) } },
];

const instance = (name: string, series = name): string =>
  `/dicom-web/studies/1.1/series/1.2.${series}/instances/1.3.${name}`;

/** The samples of a picture, its size, and the number of channels in its file. */
async function pixelsOf({ body }: ImageAnswer): Promise<readonly unknown[]> {
  const { channels } = await sharp(body).metadata();
  const { data, info } = await sharp(body).raw().toBuffer({ resolveWithObject: true });
  const samples = [...data].filter((_, index) => channels === 3 || index % info.channels === 0);
  return [info.width, info.height, channels, samples];
}

/** Status, number and details of an error that is explained. */
function explanation({ status, body }: ImageAnswer): unknown {
  const { OrthancStatus, Details } = JSON.parse(body.toString()) as Record<string, unknown>;
  return [status, OrthancStatus, Details];
}

const PNG = { accept: 'image/png' };

describe('rendered frames', () => {
  let app: ImageApp;
  beforeAll(async () => {
    app = await ImageApp.start(IMAGES, { MaxPictureSize: 10_000 });
  });
  afterAll(() => app.close());

  it('are JPEG unless another form is accepted', async () => {
    const forms: [accept: string, type: string][] = [
      ['*/*', 'image/jpeg'],
      ['image/*', 'image/jpeg'],
      ['image/png', 'image/png'],
      ['image/gif', 'image/gif'],
      ['image/jpg', 'image/jpeg'],
      ['image/jpeg;q=0.5, image/png', 'image/png'],
      ['text/html, image/webp, */*;q=0.8', 'image/jpeg'],
      ['*/*, image/gif', 'image/gif'],
    ];
    for (const [accept, type] of forms) {
      const answer = await app.get(`${instance('1')}/rendered`, { accept });
      expect([accept, answer.status, answer.type]).toEqual([accept, 200, type]);
      expect(`image/${(await sharp(answer.body).metadata()).format}`).toBe(type);
    }
  });

  it('are chosen by the parameter accept in place of the header', async () => {
    const { type } = await app.get(`${instance('1')}/rendered?accept=image/png`, { accept: 'image/jpeg' });
    expect(type).toBe('image/png');
  });

  it.each([['image/webp'], ['text/html'], ['image/png;q=0']])('are refused as %j', async (accept) => {
    expect(explanation(await app.get(`${instance('1')}/rendered?accept=${encodeURIComponent(accept)}`))).toEqual([
      400,
      3,
      'Rendered frames are served as image/jpeg, image/png and image/gif',
    ]);
  });

  it('show all values in sight, or those in the window', async () => {
    const rendered = async (query: string): Promise<unknown> =>
      pixelsOf(await app.get(`${instance('1')}/rendered${query}`, PNG));
    expect(await rendered('')).toEqual([2, 2, 1, [0, 51, 102, 255]]);
    expect(await rendered('?window=51.5,103,linear')).toEqual([2, 2, 1, [0, 128, 255, 255]]);
    expect(await rendered('?window=51%2C102%2Clinear-exact')).toEqual([2, 2, 1, [0, 128, 255, 255]]);
    expect(await rendered('?window=51,102,sigmoid')).toEqual([2, 2, 1, [30, 128, 225, 255]]);
  });

  it('fit in a viewport', async () => {
    const answer = await app.get(`${instance('1')}/rendered?viewport=4,2,0,1,-2,1`, PNG);
    expect(await pixelsOf(answer)).toEqual([4, 2, 1, [255, 255, 0, 0, 255, 255, 0, 0]]);
  });

  it('have the quality that is wanted, as JPEG', async () => {
    const size = async (quality: number): Promise<number> =>
      (await app.get(`${instance('8')}/rendered?viewport=90,90&window=7,9,linear&quality=${quality}`)).body.length;
    expect(await size(100)).toBeGreaterThanOrEqual(await size(1));
    const path = `${instance('1')}/rendered?quality=`;
    expect((await app.get(`${path}1`, PNG)).body).toEqual((await app.get(`${path}100`, PNG)).body);
  });

  it('may be those of colours', async () => {
    expect(await pixelsOf(await app.get(`${instance('3')}/rendered`, PNG))).toEqual([2, 1, 3, [1, 2, 3, 4, 5, 6]]);
  });

  it('are the first of an instance, or the one that is named', async () => {
    const first = [2, 2, 1, [0, 0, 0, 255]];
    expect(await pixelsOf(await app.get(`${instance('2')}/rendered`, PNG))).toEqual(first);
    expect(await pixelsOf(await app.get(`${instance('2')}/frames/1/rendered`, PNG))).toEqual(first);
    expect(await pixelsOf(await app.get(`${instance('2')}/frames/3/rendered/`, PNG))).toEqual([
      2,
      2,
      1,
      [0, 255, 255, 255],
    ]);
  });

  it.each([
    ['0', 3, 'Invalid frame number (must be > 0): 0'],
    ['-1', 3, 'Invalid frame number (must be > 0): -1'],
    ['4', 3, 'There is no such frame'],
    ['x', 15, undefined],
    ['1.5', 15, undefined],
  ])('are refused with the number %s', async (frame, code, details) => {
    const answer = await app.get(`${instance('2')}/frames/${frame}/rendered`);
    expect(explanation(answer)).toEqual([400, code, details ?? undefined]);
  });

  it('are, for a study or a series, those of its first image by identifier', async () => {
    const images = ['6', '7'].map((name) => ({ name, id: app.id(name) })).sort((a, b) => (a.id < b.id ? -1 : 1));
    const expected = await pixelsOf(await app.get(`${instance(images[0]!.name, 'mixed')}/rendered`, PNG));
    const series = await app.get('/dicom-web/studies/1.1/series/1.2.mixed/rendered', PNG);
    expect(await pixelsOf(series)).toEqual(expected);
    expect((await app.get('/dicom-web/studies/1.1/rendered', PNG)).status).toBe(200);
  });

  it('are thumbnails too', async () => {
    const rendered = await app.get(`${instance('1')}/rendered?viewport=4,4`, PNG);
    for (const path of [instance('1'), `${instance('1')}/frames/1`, '/dicom-web/studies/1.1/series/1.2.1']) {
      expect((await app.get(`${path}/thumbnail?viewport=4,4`, PNG)).body).toEqual(rendered.body);
    }
    expect((await app.get('/dicom-web/studies/1.1/thumbnail')).status).toBe(200);
  });

  it('carry no annotations and no profile, and say so', async () => {
    const warning = async (query: string): Promise<string | null> =>
      (await fetch(`${app.url}${instance('1')}/rendered?${query}`)).headers.get('warning');
    expect(await warning('annotation=patient')).toBe('299 annal "Without effect: annotation"');
    expect(await warning('iccprofile=srgb&annotation=patient,technique')).toBe(
      '299 annal "Without effect: annotation, iccprofile"',
    );
    expect(await warning('iccprofile=no')).toBeNull();
  });

  it.each([
    ['window=40,400', 'The number arguments to "window" in WADO-RS Retrieve Rendered Transaction must be 3'],
    ['window=1,2,linear,4', 'The number arguments to "window" in WADO-RS Retrieve Rendered Transaction must be 3'],
    [
      'window=1,2,cubic',
      'The third argument to "window" in WADO-RS Retrieve Rendered Transaction must be linear, linear-exact or sigmoid: cubic',
    ],
    [
      'window=1,1e99,linear',
      'The first and second arguments to "window" in WADO-RS Retrieve Rendered Transaction must be floats: 1,1e99,linear',
    ],
    ['viewport=5', 'The number arguments to "viewport" in WADO-RS Retrieve Rendered Transaction must be 2 or 6'],
    ['viewport=5,5,1', 'The number arguments to "viewport" in WADO-RS Retrieve Rendered Transaction must be 2 or 6'],
    ['viewport=0,5', 'Out-of-range value for "viewport" in WADO-RS Retrieve Rendered Transaction: 0'],
    ['viewport=5,-5', 'Negative values disallowed for "viewport" in WADO-RS Retrieve Rendered Transaction: -5'],
    ['viewport=5,5,nan,,,', 'Out-of-range value for "viewport" in WADO-RS Retrieve Rendered Transaction: nan'],
    [
      'quality=101',
      'The value of "quality" in WADO-RS Retrieve Rendered Transaction must be between 1 and 100, found: 101',
    ],
  ])('are refused with %s', async (query, details) => {
    expect(explanation(await app.get(`${instance('1')}/rendered?${query}`))).toEqual([400, 3, details]);
  });

  it('are refused where a picture would be too large, before anything is rendered', async () => {
    for (const viewport of ['101,100', '4294967295,4294967295', '70000,1']) {
      const answer = await app.get(`${instance('1')}/rendered?viewport=${viewport}`);
      expect(explanation(answer)).toEqual([413, 8, 'More than 10000 pixels']);
    }
    expect((await app.get(`${instance('1')}/rendered?viewport=100,100`)).status).toBe(200);
    expect((await app.get(`${instance('8')}/rendered`)).status).toBe(200);
  });

  it('are there of images alone', async () => {
    expect(explanation(await app.get(`${instance('4')}/rendered`))).toEqual([400, 3, 'There is no pixel data']);
    expect(explanation(await app.get('/dicom-web/studies/1.1/series/1.2.4/rendered'))).toEqual([
      400,
      3,
      'There is no image to render',
    ]);
  });

  it('are not there without the instance', async () => {
    for (const path of [
      instance('99'),
      instance('1', '2'),
      '/dicom-web/studies/9',
      '/dicom-web/studies/1.1/series/9',
    ]) {
      const answer = await app.get(`${path}/rendered`);
      expect([answer.status, (JSON.parse(answer.body.toString()) as Record<string, unknown>).OrthancStatus]).toEqual([
        404, 7,
      ]);
    }
  });
});
