import { buildImage, openImage } from '../../../../../libs/dicom/src/testing/index.js';
import { ImageApp } from '../images/testing/image-app.js';

const BASE = '1.2.840.10008.1.2.4';
const EXPLICIT = '1.2.840.10008.1.2.1';
const pixelBytes = Buffer.from(Array.from({ length: 3 * 64 * 64 }, (_, index) => (index * index) & 0xff));
const colours = { rows: 64, columns: 64, samples: 3, pixelBytes };
const deep = { rows: 96, columns: 64, bitsAllocated: 16, bitsStored: 12, pixelBytes };

describe('the file of an instance in another transfer syntax', () => {
  let app: ImageApp;
  beforeAll(async () => {
    app = await ImageApp.start([
      { name: '1', image: { ...colours } },
      { name: '2', image: { ...deep } },
      { name: '3', image: { ...colours, transferSyntax: '1.2.840.10008.1.2.5', fragments: [Buffer.alloc(0)] } },
      { name: '4', image: { rows: 64, columns: 64, signed: true, pixelBytes } },
      { name: '5', image: { ...deep, signed: true } },
    ]);
  });
  afterAll(() => app.close());

  it.each([`${BASE}.70`, `${BASE}.80`, `${BASE}.90`, `${BASE}.201`, '1.2.840.10008.1.2.5', '1.2.840.10008.1.2.2'])(
    'is had by its UID: %s',
    async (syntax) => {
      for (const [name, image] of [
        ['1', colours],
        ['2', deep],
      ] as const) {
        const { status, type, body } = await app.instance(name, `file?transcode=${syntax}`);
        expect([status, type]).toEqual([200, 'application/dicom']);
        const { model, frame } = openImage(body);
        expect(model.syntax).toBe(syntax);
        expect((await frame(0)).data.equals((await openImage(buildImage(image)).frame(0)).data)).toBe(true);
      }
    },
  );

  it('is the file itself where it is in that one', async () => {
    const [same, file] = [await app.instance('1', `file?transcode=${EXPLICIT}`), await app.instance('1', 'file')];
    expect(same.body.equals(file.body)).toBe(true);
  });

  it('loses as much as is asked for', async () => {
    const length = async (quality: string): Promise<number> => {
      const { status, body } = await app.instance('1', `file?transcode=${BASE}.50${quality}`);
      expect(status).toBe(200);
      return body.length;
    };
    expect(await length('&lossy-quality=10')).toBeLessThan(await length('&lossy-quality=100'));
    // as Orthanc takes them
    expect(await length('&lossy-quality=')).toBeLessThan(await length('&lossy-quality=90'));
    expect(await length('&lossy-quality=1000')).toBeGreaterThan(await length('&lossy-quality=90'));
  });

  it.each(['abc', '-1', '1.5', '4294967296'])(
    'is refused with a quality of %s, before anything else',
    async (quality) => {
      const { status, body } = await app.get(`/instances/nope/file?transcode=x&lossy-quality=${quality}`);
      const details = `Expected a Unsigned Int for GET argument "lossy-quality", found: ${quality}`;
      expect([status, JSON.parse(body.toString())]).toEqual([
        400,
        expect.objectContaining({ Details: details, OrthancStatus: 3 }),
      ]);
    },
  );

  it('is refused in what is no transfer syntax', async () => {
    for (const syntax of ['nope', '', '1.2.840.10008.1.2.7.1']) {
      const { status, body } = await app.instance('1', `file?transcode=${syntax}`);
      const details = { Details: `Unknown transfer syntax: ${syntax}`, OrthancStatus: 3 };
      expect([status, JSON.parse(body.toString())]).toEqual([400, expect.objectContaining(details)]);
    }
    const missing = await app.get('/instances/nope/file?transcode=nope');
    expect([missing.status, JSON.parse(missing.body.toString())]).toEqual([
      404,
      expect.objectContaining({ OrthancStatus: 17 }),
    ]);
  });

  it('is not there where it cannot be made', async () => {
    for (const syntax of [`${BASE}.50`, `${BASE}.100`, '1.2.840.10008.1.2.6.1']) {
      const { status, body } = await app.instance('2', `file?transcode=${syntax}`);
      expect([status, body.length]).toEqual([404, 0]);
    }
  });

  it.each(['4', '5'])('is not there as lossy JPEG, which has no signs: %s', async (name) => {
    for (const syntax of [`${BASE}.50`, `${BASE}.51`]) {
      const { status, body } = await app.instance(name, `file?transcode=${syntax}`);
      expect([status, body.length]).toEqual([404, 0]);
    }
    expect((await app.instance(name, `file?transcode=${BASE}.70`)).status).toBe(200);
  });

  it('leaves encapsulated pixel data out of the DICOM JSON and Native DICOM models, which have no form for them', async () => {
    const read = async (name: string): Promise<unknown> => {
      const { body } = await app.instance(name, 'file', { Accept: 'application/dicom+json' });
      return (JSON.parse(body.toString()) as Record<string, unknown>)['7FE00010'];
    };
    expect(await read('1')).toMatchObject({ InlineBinary: pixelBytes.toString('base64') });
    expect(await read('3')).toBeUndefined();
    const xml = await app.instance('3', 'file', { Accept: 'application/dicom+xml' });
    expect([xml.status, xml.body.includes('7FE00010')]).toEqual([200, false]);
  });

  it('has no say where JSON is wanted', async () => {
    const headers = { Accept: 'application/dicom+json' };
    const { status, type } = await app.instance('1', `file?transcode=${BASE}.70`, headers);
    expect([status, type]).toEqual([200, 'application/dicom+json']);
  });
});
