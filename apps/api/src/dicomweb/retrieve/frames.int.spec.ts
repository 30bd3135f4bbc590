import { encodeFrame } from '@annal/dicom';
import { buildImage, buildInstance, openImage } from '../../../../../libs/dicom/src/testing/index.js';
import { ImageApp } from '../../rest/images/testing/image-app.js';
import { type ReceivedPart, receivedParts } from './testing/parts.js';

const U = '1.2.840.10008.1.2';
const pixelBytes = Buffer.from(Array.from({ length: 4 * 2 * 64 * 48 }, (_, index) => (index * index) & 0xff));
const grey = { rows: 48, columns: 64, bitsAllocated: 16, bitsStored: 12 };
const frameSize = 2 * 48 * 64;
const twelveBits = Buffer.from(pixelBytes.map((value, index) => (index % 2 === 1 ? value & 0x0f : value)));
const frame = (number: number): Buffer => twelveBits.subarray((number - 1) * frameSize, number * frameSize);
const colours = { rows: 32, columns: 32, samples: 3, pixelBytes: pixelBytes.subarray(0, 3 * 32 * 32) };
const related = (type: string, syntax?: string): string =>
  `multipart/related; type="${type}"${syntax === undefined ? '' : `; transfer-syntax=${syntax}`}`;

describe('frames by WADO-RS', () => {
  let app: ImageApp;
  beforeAll(async () => {
    const { frame: firstOf } = openImage(buildImage({ ...grey, pixelBytes: twelveBits.subarray(0, frameSize) }));
    const { bytes } = await encodeFrame(await firstOf(0), `${U}.4.80`, 90);
    const even = Buffer.concat([bytes, Buffer.alloc(bytes.length % 2)]);
    app = await ImageApp.start(
      [
        { name: '1', image: { ...grey, frames: 4, pixelBytes: twelveBits } },
        { name: '2', image: { ...colours } },
        { name: '3', image: { ...grey, transferSyntax: `${U}.4.80`, fragments: [Buffer.alloc(0), even] } },
        { name: '4', image: { ...grey, transferSyntax: `${U}.2`, pixelBytes: frame(1) } },
        { name: '5', image: buildInstance({ modality: 'SR' }) },
        {
          name: '7',
          image: { rows: 3, columns: 3, bitsAllocated: 1, frames: 2, pixelBytes: Buffer.from([0xff, 1, 0, 0]) },
        },
        {
          name: '8',
          image: {
            rows: 3,
            columns: 3,
            bitsAllocated: 1,
            frames: 2,
            transferSyntax: `${U}.2`,
            pixelBytes: Buffer.from([1, 0xff, 0, 0]),
          },
        },
        {
          name: '6',
          image: {
            rows: 8,
            columns: 8,
            frames: 300,
            transferSyntax: `${U}.4.102`,
            fragments: [Buffer.alloc(0), frame(2)],
          },
        },
      ],
      { MaxFrameList: 6 },
    );
  });
  afterAll(() => app.close());

  const path = (name: string): string => `/dicom-web/studies/1.1/series/1.2.${name}/instances/1.3.${name}`;
  const get = (url: string, accept?: string): Promise<Response> =>
    fetch(app.url + url, { headers: accept === undefined ? {} : { accept } });
  const parts = async (url: string, accept?: string): Promise<readonly ReceivedPart[]> => {
    const answer = await get(url, accept);
    const body = Buffer.from(await answer.arrayBuffer());
    expect([answer.status, body.length]).toEqual([200, Number(answer.headers.get('content-length') ?? body.length)]);
    return receivedParts(answer.headers.get('content-type'), body);
  };

  it('come in the next form that is accepted where they have too many bits for the first', async () => {
    const accept = `${related('image/jpeg', `${U}.4.51`)}, ${related('image/jls')};q=0.5`;
    const [part] = await parts(`${path('1')}/frames/2`, accept);
    expect(part!.headers['Content-Type']).toBe(`image/jls; transfer-syntax=${U}.4.80`);
  });

  it('come uncompressed, each in a part that says what and where it is', async () => {
    const [part, ...others] = await parts(`${path('1')}/frames/2`);
    expect(others).toEqual([]);
    expect(part).toEqual({
      headers: {
        'Content-Location': `${app.url}${path('1')}/frames/2`,
        'Content-Type': `application/octet-stream; transfer-syntax=${U}.1`,
        'Content-Length': String(frameSize),
        'MIME-Version': '1.0',
      },
      body: frame(2),
    });
  });

  it('come in the order of the list, as often as they stand there', async () => {
    const found = await parts(`${path('1')}/frames/4,1,1/`);
    expect(found.map(({ body }) => body)).toEqual([frame(4), frame(1), frame(1)]);
    expect((await parts(`${path('1')}/frames/1%2C3`)).map(({ body }) => body)).toEqual([frame(1), frame(3)]);
  });

  it('of big endian files are little endian', async () => {
    const [part] = await parts(`${path('4')}/frames/1`);
    expect(part!.body).toEqual(Buffer.from(frame(1)).swap16());
  });

  it('come as they are stored for transfer-syntax=*, and uncompressed otherwise', async () => {
    const [stored] = await parts(`${path('3')}/frames/1`, related('application/octet-stream', '*'));
    expect(stored!.headers['Content-Type']).toBe(`image/jls; transfer-syntax=${U}.4.80`);
    const [plain] = await parts(`${path('3')}/frames/1`, related('application/octet-stream'));
    expect(plain!.body).toEqual(frame(1));
    const [known] = await parts(`${path('3')}/frames/1`, related('image/jls'));
    expect(known!.body).toEqual(stored!.body);
  });

  it.each([
    ['image/jpeg', '.4.70'],
    ['image/jls', '.4.80'],
    ['image/jp2', '.4.90'],
    ['image/jph', '.4.201'],
    ['image/dicom-rle', '.5'],
  ])('come as %s with the same pixels', async (type, last) => {
    const transferSyntax = U + last;
    for (const [name, image] of [
      ['1', grey],
      ['2', colours],
    ] as const) {
      const [part] = await parts(`${path(name)}/frames/1`, related(type));
      expect(part!.headers['Content-Type']).toBe(`${type}; transfer-syntax=${transferSyntax}`);
      const fragments = [Buffer.alloc(0), Buffer.concat([part!.body, Buffer.alloc(part!.body.length % 2)])];
      const photometric = /jp2|jph/.test(type) && name === '2' ? 'YBR_RCT' : undefined;
      const planar = type === 'image/dicom-rle' && name === '2' ? 1 : undefined;
      const made = {
        ...image,
        transferSyntax,
        fragments,
        ...(photometric && { photometric }),
        ...(planar && { planar }),
      };
      const { data } = await openImage(buildImage(made as never)).frame(0);
      expect(data.equals(name === '1' ? frame(1) : colours.pixelBytes)).toBe(true);
    }
  });

  it('come without parts where the client wants one so', async () => {
    const answer = await get(`${path('1')}/frames/3`, 'application/octet-stream');
    expect(answer.headers.get('content-type')).toBe(`application/octet-stream; transfer-syntax=${U}.1`);
    expect(answer.headers.get('content-location')).toBe(`${app.url}${path('1')}/frames/3`);
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(frame(3));
    expect((await get(`${path('1')}/frames/1,2`, 'application/octet-stream')).status).toBe(400);
  });

  it('may be asked for by the parameter accept', async () => {
    const answer = await get(`${path('1')}/frames/3?accept=${encodeURIComponent('image/jp2')}`, '*/*');
    expect(answer.headers.get('content-type')).toBe(`image/jp2; transfer-syntax=${U}.4.90`);
    await answer.body?.cancel();
  });

  it('of single bits begin with a byte', async () => {
    for (const name of ['7', '8']) {
      const found = await parts(`${path(name)}/frames/1,2`);
      expect(found.map(({ body }) => [...body])).toEqual([
        [0xff, 1],
        [0, 0],
      ]);
    }
    const [bytes] = await parts(`${path('7')}/frames/2`, related('application/octet-stream', '*'));
    expect([...bytes!.body]).toEqual([0, 0]);
  });

  it('of a video are one, as it is stored', async () => {
    const [part] = await parts(`${path('6')}/frames/1`, related('video/mp4', '*'));
    expect([part!.headers['Content-Type'], part!.body]).toEqual([`video/mp4; transfer-syntax=${U}.4.102`, frame(2)]);
    expect((await get(`${path('6')}/frames/1`, related('application/octet-stream'))).status).toBe(400);
  });

  it.each([
    ['0', 400, 3],
    ['-1', 400, 3],
    ['5', 400, 3],
    ['1,5', 400, 3],
    ['4294967296', 400, 15],
    ['abc', 400, 15],
    ['1,', 400, 15],
    ['1,1,1,1,1,1,1', 413, 8],
  ])('that are none are refused: %s', async (list, status, code) => {
    const answer = await get(`${path('1')}/frames/${list}`);
    expect([answer.status, ((await answer.json()) as { OrthancStatus: number }).OrthancStatus]).toEqual([status, code]);
  });

  it('are asked for by number', async () => {
    expect((await get(`${path('1')}/frames`)).status).toBe(400);
    expect((await get(`${path('1')}/frames/`)).status).toBe(400);
  });

  it.each(['image/png', related('image/jpeg', `${U}.4.50`), related('application/octet-stream', 'nope'), '*/*;q=0'])(
    'are not for who accepts %s',
    async (accept) => {
      const answer = await get(`${path('1')}/frames/1`, accept);
      expect([answer.status, ((await answer.json()) as { Details: string }).Details]).toEqual([
        400,
        `This WADO-RS plugin cannot generate the following content type: ${accept}`,
      ]);
    },
  );

  it('are not there without an instance, or without pixels', async () => {
    const answer = await get('/dicom-web/studies/1.1/series/x/instances/y/frames/1');
    expect([answer.status, ((await answer.json()) as { Details: string }).Details]).toEqual([
      404,
      'Accessing an inexistent Instance with WADO-RS: 1.1/x/y',
    ]);
    for (const rest of ['frames/1', 'pixeldata']) {
      const none = await get(`${path('5')}/${rest}`);
      expect([none.status, ((await none.json()) as { Details: string }).Details]).toEqual([
        404,
        'There is no pixel data',
      ]);
    }
  });

  it('are found quickly in a long Accept', async () => {
    const long = Array.from({ length: 900 }, (_, index) => `a/${index};q=0.5`).join(',');
    const answer = await get(`${path('1')}/frames/1`, `${long}, application/octet-stream;q=0.1`);
    expect([answer.status, answer.headers.get('content-length')]).toEqual([200, String(frameSize)]);
    await answer.body?.cancel();
    const hostile = `${'multipart/related;type="'.repeat(400)}, ${'"\\;'.repeat(900)}`;
    expect((await get(`${path('1')}/frames/1`, hostile)).status).toBe(400);
  });

  it('are told of by HEAD', async () => {
    const answer = await fetch(`${app.url}${path('1')}/frames/1,2`, { method: 'HEAD' });
    const body = Buffer.from(await (await get(`${path('1')}/frames/1,2`)).arrayBuffer());
    expect([answer.status, answer.headers.get('content-length')]).toEqual([200, String(body.length)]);
    const all = await fetch(`${app.url}${path('1')}/pixeldata`, { method: 'HEAD' });
    expect([all.status, all.headers.get('content-type')]).toEqual([
      200,
      expect.stringMatching(/^multipart\/related; type="application\/octet-stream/),
    ]);
  });

  it('are all had as pixel data', async () => {
    const every = await parts(`${path('1')}/pixeldata`);
    expect(every.map(({ headers }) => headers['Content-Location']!.slice(-8))).toEqual(
      [1, 2, 3, 4].map((number) => `frames/${number}`),
    );
    expect(Buffer.concat(every.map(({ body }) => body))).toEqual(twelveBits);
    expect(await parts('/dicom-web/studies/1.1/series/1.2.3/pixeldata')).toHaveLength(1);
  });
});
