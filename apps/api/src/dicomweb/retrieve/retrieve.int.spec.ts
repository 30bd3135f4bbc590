import { buildImage, openImage } from '../../../../../libs/dicom/src/testing/index.js';
import { ImageApp } from '../../rest/images/testing/image-app.js';
import { receivedParts } from './testing/parts.js';

const U = '1.2.840.10008.1.2';
const pixelBytes = Buffer.from(Array.from({ length: 2 * 64 * 48 }, (_, index) => (index * index) & 0x0f));
const image = { rows: 48, columns: 64, bitsAllocated: 16, bitsStored: 12, pixelBytes };
const files = {
  '1': buildImage(image),
  '2': buildImage({ ...image, transferSyntax: U }),
  '3': buildImage({ ...image, extra: [[0x00100010, 'PN', 'C']] }),
  // nothing here can uncompress it
  '4': buildImage({ ...image, transferSyntax: `${U}.4.102`, fragments: [Buffer.alloc(0), pixelBytes] }),
};
const related = (syntax: string): string => `multipart/related; type="application/dicom"; transfer-syntax=${syntax}`;

describe('DICOM files of which a later one cannot be put into the transfer syntax that is named', () => {
  const small = { ...image, bitsAllocated: 8, bitsStored: 8, pixelBytes: pixelBytes.subarray(0, 64 * 48) };
  const later: Record<string, Buffer> = {
    // 12 bits
    '1': files[1],
    // four samples
    '2': buildImage({ ...small, rows: 24, columns: 32, samples: 4, photometric: 'CMYK' }),
    '3': files[4],
    '4': buildImage({ ...small, bitsAllocated: 1, bitsStored: 1, pixelBytes: pixelBytes.subarray(0, (64 * 48) / 8) }),
    // no pixel data
    '5': buildImage({ ...image, pixelBytes: undefined }),
  };
  let app: ImageApp;
  beforeAll(async () => {
    const images = Object.entries(later).flatMap(([series, file]) => [
      { name: `${series}.0`, image: small, series },
      { name: `${series}.1`, image: file, series },
    ]);
    app = await ImageApp.start(images);
  });
  afterAll(() => app.close());

  const get = (url: string, accept: string, method = 'GET'): Promise<Response> =>
    fetch(`${app.url}/dicom-web/studies/1.1${url}`, { method, headers: { accept } });

  it.each([
    ['/series/1.2.1', '.4.51'],
    ['/series/1.2.2', '.4.70'],
    ['/series/1.2.3', '.4.90'],
    ['/series/1.2.3', '.1'],
    ['/series/1.2.3', '.1.99'],
    ['/series/1.2.4', '.5'],
    ['', '.4.51'],
  ])('are refused before anything of %s is sent in %s', async (url, last) => {
    const accept = related(U + last);
    const answer = await get(url, accept);
    const { Details } = (await answer.json()) as { Details: string };
    const expected = `This WADO-RS plugin cannot generate the following content type: ${accept}`;
    expect([answer.status, Details]).toEqual([400, expected]);
    expect((await get(url, accept, 'HEAD')).status).toBe(400);
  });

  it.each(['/series/1.2.1', ''])('come in the next one that is accepted: %s', async (url) => {
    const answer = await get(url, `${related(`${U}.4.51`)}, ${related('*;q=0.5')}`);
    const parts = receivedParts(answer.headers.get('content-type'), Buffer.from(await answer.arrayBuffer()));
    const stored = ['1', '2', '3', '4', '5'].flatMap((series) => [buildImage(small), later[series]!]);
    expect(parts.map(({ body }) => body)).toEqual(url === '' ? stored : stored.slice(0, 2));
  });

  it('come in it where all of them can, or have no pixel data', async () => {
    const answer = await get('/series/1.2.5', related(`${U}.4.51`));
    const parts = receivedParts(answer.headers.get('content-type'), Buffer.from(await answer.arrayBuffer()));
    expect([answer.status, parts.map(({ body }) => openImage(body).model.syntax)]).toEqual([
      200,
      [`${U}.4.51`, `${U}.4.51`],
    ]);
  });
});

describe('DICOM files by WADO-RS', () => {
  let app: ImageApp;
  beforeAll(async () => {
    const series: Record<string, string> = { '1': '1', '2': '2', '3': '1', '4': '4' };
    const images = Object.entries(files).map(([name, file]) => ({ name, image: file, series: series[name]! }));
    app = await ImageApp.start(images);
  });
  afterAll(() => app.close());

  const study = '/dicom-web/studies/1.1';
  const one = `${study}/series/1.2.1/instances/1.3.1`;
  const get = (url: string, accept?: string): Promise<Response> =>
    fetch(app.url + url, { headers: accept === undefined ? {} : { accept } });
  const received = async (url: string, accept?: string): Promise<readonly Buffer[]> => {
    const answer = await get(url, accept);
    const type = answer.headers.get('content-type');
    expect([answer.status, type?.slice(0, 43)]).toEqual([200, 'multipart/related; type="application/dicom"']);
    const body = Buffer.from(await answer.arrayBuffer());
    expect(answer.headers.get('content-length') ?? String(body.length)).toBe(String(body.length));
    return receivedParts(type, body).map(({ headers, body: file }) => {
      expect(Object.keys(headers)).toEqual(['Content-Type', 'Content-Length', 'MIME-Version']);
      return file;
    });
  };

  it('come as they are stored for transfer-syntax=*', async () => {
    expect(await received(one, related('*'))).toEqual([files[1]]);
    expect(await received(`${study}/series/1.2.1/`, related('*'))).toEqual([files[1], files[3]]);
    expect(await received(study, related('*'))).toEqual([files[1], files[3], files[2], files[4]]);
  });

  it.each([undefined, '*/*', 'multipart/related; type=application/dicom', related(`"${U}.1"`)])(
    'come in Explicit VR Little Endian for %s',
    async (accept) => {
      const [file] = await received(`${study}/series/1.2.2/instances/1.3.2`, accept);
      const { model, frame } = openImage(file!);
      expect([model.syntax, (await frame(0)).data]).toEqual([`${U}.1`, pixelBytes]);
    },
  );

  it('come as they are stored where they cannot be in a transfer syntax that was not asked for', async () => {
    expect(await received(`${study}/series/1.2.4/instances/1.3.4`)).toEqual([files[4]]);
    expect((await received(study)).map((file) => openImage(file).model.syntax)).toEqual(
      ['.1', '.1', '.1', '.4.102'].map((last) => U + last),
    );
  });

  it.each(['.2', '.4.70', '.4.80', '.4.90', '.4.201', '.5'])('come in the transfer syntax %s', async (last) => {
    for (const file of await received(`${study}/series/1.2.1`, related(U + last))) {
      const { model, frame } = openImage(file);
      expect([model.syntax, (await frame(0)).data.equals(pixelBytes)]).toEqual([U + last, true]);
    }
  });

  it('come without parts', async () => {
    const answer = await get(one, 'application/dicom');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/dicom']);
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(files[1]);
    const made = await get(one, `application/dicom; transfer-syntax=${U}.4.80`);
    expect(openImage(Buffer.from(await made.arrayBuffer())).model.syntax).toBe(`${U}.4.80`);
  });

  it.each([
    [one, [`${U}.4.104`, '*;q=0.1'], '.1'],
    // 12 bits
    [one, [`${U}.4.51`, `${U};q=0.5`], ''],
    [`${study}/series/1.2.1`, [`${U}.4.104`, `${U}.4.51`, `${U}.5;q=0.2`, '*;q=0.1'], '.5'],
    [study, [`${U}.4.104`, '*;q=0.1'], '.1'],
  ])('of %s come in the first of the transfer syntaxes %j that can be had', async (url, wanted, last) => {
    const [file] = await received(url, wanted.map(related).join(', '));
    expect(openImage(file!).model.syntax).toBe(U + last);
  });

  it('come without parts where those that are asked for before cannot be had', async () => {
    const answer = await get(one, `${related(`${U}.4.104`)}, application/dicom`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/dicom']);
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(files[1]);
  });

  it.each([study, `${study}/series/1.2.1`, one])('come in an archive: %s', async (url) => {
    const answer = await get(url, 'application/zip; transfer-syntax=*');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/zip']);
    const body = Buffer.from(await answer.arrayBuffer());
    expect([body.subarray(0, 4).toString('latin1'), body.includes(files[1].subarray(128, 400))]).toEqual([
      'PK\u0003\u0004',
      expect.any(Boolean),
    ]);
  });

  it.each([
    [one, 'image/png'],
    [one, related('nope')],
    [one, 'multipart/related; type=application/octet-stream'],
    [one, 'application/dicom+json'],
    [study, 'application/dicom'],
    // 12 bits
    [one, related(`${U}.4.50`)],
    [`${study}/series/1.2.4`, related(`${U}.4.90`)],
  ])('of %s are not for who accepts %s', async (url, accept) => {
    const answer = await get(url, accept);
    const { Details } = (await answer.json()) as { Details: string };
    const expected = `This WADO-RS plugin cannot generate the following content type: ${accept}`;
    expect([answer.status, Details]).toEqual([400, expected]);
  });

  it.each([
    ['x', 'Study', 'x//'],
    ['x/series/y', 'Series', 'x/y/'],
    ['1.1/series/1.2.1/instances/1.3.2', 'Instance', '1.1/1.2.1/1.3.2'],
    [`${'1'.repeat(2000)}`, 'Study', `${'1'.repeat(2000)}//`],
    [`';--/series/%22`, 'Series', `';--/"/`],
  ])('that are not there are not found: %s', async (path, level, uids) => {
    const answer = await get(`/dicom-web/studies/${path}`);
    const { Details, OrthancStatus } = (await answer.json()) as { Details: string; OrthancStatus: number };
    const expected = `Accessing an inexistent ${level} with WADO-RS: ${uids}`;
    expect([answer.status, OrthancStatus, Details]).toEqual([404, 7, expected]);
  });

  it('are told of by HEAD', async () => {
    for (const accept of [related('*'), 'application/dicom', 'application/zip']) {
      const head = await fetch(app.url + one, { method: 'HEAD', headers: { accept } });
      const answer = await get(one, accept);
      await answer.arrayBuffer();
      const kind = (each: Response): string => each.headers.get('content-type')!.split(';')[0]!;
      expect([head.status, kind(head)]).toEqual([200, kind(answer)]);
      if (accept !== 'application/zip')
        expect(head.headers.get('content-length')).toBe(answer.headers.get('content-length'));
    }
  });
});

it('are refused with the status of the standard where that is wanted', async () => {
  const app = await ImageApp.start([{ name: '1', image }], {}, { DicomWebStrictStatus: true });
  for (const [path, accept] of [
    ['', 'image/png'],
    ['', related(`${U}.4.50`)],
    ['/frames/1', 'image/png'],
    ['/frames/1', `multipart/related; type=image/jpeg; transfer-syntax=${U}.4.50`],
  ] as const) {
    const url = `${app.url}/dicom-web/studies/1.1/series/1.2.1/instances/1.3.1${path}`;
    const answer = await fetch(url, { headers: { accept } });
    expect([answer.status, ((await answer.json()) as { OrthancStatus: number }).OrthancStatus]).toEqual([406, 34]);
  }
  await app.close();
});
