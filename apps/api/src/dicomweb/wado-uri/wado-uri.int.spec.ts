import sharp from 'sharp';
import { openImage } from '../../../../../libs/dicom/src/testing/index.js';
import { type ImageAnswer, ImageApp, type SampleImage } from '../../rest/images/testing/image-app.js';

const bytes = (...values: number[]): Buffer => Buffer.from(values);
const PIXELS = bytes(0, 51, 102, 255);
const GREY = { rows: 2, columns: 2 };

const IMAGES: readonly SampleImage[] = [
  { name: '1', image: { ...GREY, pixelBytes: PIXELS } },
  { name: '2', image: { ...GREY, frames: 2, pixelBytes: bytes(0, 0, 0, 255, 255, 0, 0, 0) } },
  { name: '3', image: { ...GREY } },
];
const RLE = '1.2.840.10008.1.2.5';

/** Status, number and details of an error that is explained. */
function explanation({ status, body }: ImageAnswer): unknown {
  const { OrthancStatus, Details } = JSON.parse(body.toString()) as Record<string, unknown>;
  return [status, OrthancStatus, Details];
}

describe('WADO-URI', () => {
  let app: ImageApp;
  beforeAll(async () => {
    app = await ImageApp.start(IMAGES, { MaxPictureSize: 10_000 });
  });
  afterAll(() => app.close());

  const ask = (query: string, accept = '*/*'): Promise<ImageAnswer> => app.get(`/wado?${query}`, { accept });
  const object = (query = '', name = '1'): Promise<ImageAnswer> =>
    ask(`requestType=WADO&objectUID=1.3.${name}${query}`);

  /** Width, height and grey values. */
  async function picture(query: string, name?: string): Promise<unknown> {
    const { body } = await object(`&contentType=image/png${query}`, name);
    const { data, info } = await sharp(body).raw().toBuffer({ resolveWithObject: true });
    return [info.width, info.height, [...data].filter((_, index) => index % info.channels === 0)];
  }

  it('answers a JPEG that says so, whatever the header accepts', async () => {
    for (const accept of ['*/*', 'image/png', 'application/dicom']) {
      const { status, type, body } = await ask('requestType=WADO&objectUID=1.3.1', accept);
      expect([status, type, (await sharp(body).metadata()).format]).toEqual([200, 'image/jpeg', 'jpeg']);
    }
  });

  it.each([
    ['image/jpeg', 'image/jpeg'],
    ['image/jpg', 'image/jpeg'],
    ['image/png', 'image/png'],
    ['image/gif', 'image/gif'],
    ['application/dicom', 'application/dicom'],
    ['image/jp2,image/png', 'image/png'],
    ['image/png;q=0.5, image/jpeg', 'image/jpeg'],
    ['image/*', 'image/jpeg'],
    ['*/*', 'image/jpeg'],
  ])('answers, to the content type %s, %s', async (wanted, type) => {
    const answer = await object(`&contentType=${encodeURIComponent(wanted)}`);
    expect([answer.status, answer.type]).toEqual([200, type]);
  });

  it.each([['text/html'], ['image/jp2'], [''], ['image/png;q=0']])('refuses the content type %j', async (wanted) => {
    expect(explanation(await object(`&contentType=${encodeURIComponent(wanted)}`))).toEqual([
      400,
      8,
      `WADO-URI: Unsupported content type: "${wanted}"`,
    ]);
  });

  it('finds an instance by its UID, and by those of its study and series where they are given', async () => {
    for (const right of [
      '',
      '&studyUID=1.1',
      '&seriesUID=1.2.1',
      '&studyUID=1.1&seriesUID=1.2.1',
      '&studyUID=&seriesUID=',
    ]) {
      expect((await object(right)).status).toBe(200);
    }
    const wrong = ['&studyUID=1.2', '&seriesUID=1.2.2', '&studyUID=1.1&seriesUID=1.1'];
    for (const query of wrong) expect(explanation(await object(query))).toEqual([404, 17, undefined]);
    expect(explanation(await object('', '99'))).toEqual([404, 17, undefined]);
  });

  it.each([
    '',
    'requestType=WADO',
    'requestType=wado&objectUID=1.3.1',
    'requestType=X&objectUID=1.3.1',
    'objectUID=1.3.1',
    'requestType=WADO&objectUID=',
    'requestType=WADO&studyUID=1.1',
    // what no text in a table can have
    'requestType=WADO&objectUID=1.3.1%00',
    'requestType=WADO&objectUID=1.3.1&studyUID=%00',
    'requestType=WADO&objectUID=1.3.1%ED%A0%80',
    'requestType=WADO&objectUID=%22%5C',
  ])('is 404 with %j', async (query) => {
    expect(explanation(await ask(query))).toEqual([404, 17, undefined]);
  });

  it('shows a frame through its window, or the one that is asked for', async () => {
    expect(await picture('')).toEqual([2, 2, [0, 50, 101, 254]]);
    expect(await picture('&windowCenter=51&windowWidth=102')).toEqual([2, 2, [0, 127, 255, 255]]);
    expect(await picture('&windowCenter=5.1e1&windowWidth=+102.0')).toEqual([2, 2, [0, 127, 255, 255]]);
    expect(await picture('&frameNumber=2', '2')).toEqual([2, 2, [254, 0, 0, 0]]);
  });

  it('fits it in rows and columns, in proportion', async () => {
    expect(await picture('&rows=4&columns=9')).toEqual([4, 4, expect.anything()]);
    expect(await picture('&rows=1')).toEqual([1, 1, expect.anything()]);
    expect(await picture('&columns=3')).toEqual([3, 3, expect.anything()]);
  });

  it('shows a region of it', async () => {
    expect(await picture('&region=0.5,0,1,1')).toEqual([1, 2, [50, 254]]);
    expect(await picture('&region=0,0,1.0,0.5&columns=4')).toEqual([4, 2, [0, 0, 50, 50, 0, 0, 50, 50]]);
  });

  it('takes the quality of a JPEG', async () => {
    const size = async (quality: number): Promise<number> =>
      (await object(`&rows=100&imageQuality=${quality}`)).body.length;
    expect(await size(100)).toBeGreaterThan(await size(10));
  });

  it.each([
    ['frameNumber=0', 'WADO-URI: "frameNumber" must be a whole number from 1 to 2147483647'],
    ['frameNumber=x', 'WADO-URI: "frameNumber" must be a whole number from 1 to 2147483647'],
    ['frameNumber=2', 'There is no such frame'],
    ['imageQuality=0', 'WADO-URI: "imageQuality" must be a whole number from 1 to 100'],
    ['rows=-1', 'WADO-URI: "rows" must be a whole number from 1 to 2147483647'],
    ['columns=1.5', 'WADO-URI: "columns" must be a whole number from 1 to 2147483647'],
    ['windowCenter=x', 'WADO-URI: "windowCenter" must be a number'],
    ['windowWidth=1e999', 'WADO-URI: "windowWidth" must be a number'],
    ['region=0,0,1', 'WADO-URI: "region" must be xmin,ymin,xmax,ymax from 0.0 to 1.0'],
    ['region=0.5,0,0.5,1', 'WADO-URI: "region" must be xmin,ymin,xmax,ymax from 0.0 to 1.0'],
    ['region=0,0,1,1.1', 'WADO-URI: "region" must be xmin,ymin,xmax,ymax from 0.0 to 1.0'],
  ])('refuses %s', async (query, details) => {
    expect(explanation(await object(`&${query}`))).toEqual([400, 3, details]);
  });

  it('refuses pictures that are too large', async () => {
    expect(explanation(await object('&rows=101'))).toEqual([413, 8, 'More than 10000 pixels']);
    expect(explanation(await object('&rows=2147483647'))).toEqual([413, 8, 'More than 10000 pixels']);
  });

  it.each(['anonymize=yes', 'presentationUID=1.2', 'presentationSeriesUID=1.2'])('does not serve %s', async (query) => {
    const details = `WADO-URI: the parameter "${query.split('=')[0]}" is not served`;
    expect(explanation(await object(`&${query}`))).toEqual([501, 2, details]);
    expect(explanation(await object(`&contentType=application/dicom&${query}`))).toEqual([501, 2, details]);
  });

  it.each(['anonymize=yes&anonymize=no', 'anonymize=no&anonymize=yes', 'anonymize=yes&anonymize='])(
    'does not serve %s: any of them counts',
    async (query) => {
      const refused = [501, 2, 'WADO-URI: the parameter "anonymize" is not served'];
      expect(explanation(await object(`&${query}`))).toEqual(refused);
      expect(explanation(await object(`&contentType=application/dicom&${query}`))).toEqual(refused);
    },
  );

  it('takes parameters that change nothing', async () => {
    for (const query of [
      '&annotation=patient',
      '&charset=utf-8',
      '&anonymize=no',
      '&anonymize=no&anonymize=no',
      '&x=y',
    ]) {
      expect((await object(query)).status).toBe(200);
    }
  });

  it('sends the file, also in another transfer syntax', async () => {
    const { body: stored } = await app.instance('1', 'file');
    const file = '&contentType=application/dicom';
    expect((await object(file)).body).toEqual(stored);
    expect((await object(`${file}&transferSyntax=*`)).body).toEqual(stored);
    const transcoded = openImage((await object(`${file}&transferSyntax=${RLE}`)).body);
    expect([transcoded.model.syntax, (await transcoded.frame(0)).data]).toEqual([RLE, PIXELS]);
    const asParameter = encodeURIComponent(`application/dicom; transfer-syntax=${RLE}`);
    expect(openImage((await object(`&contentType=${asParameter}`)).body).model.syntax).toBe(RLE);
    expect(explanation(await object(`${file}&transferSyntax=1.2.3`))).toEqual([
      400,
      3,
      'Unknown transfer syntax: 1.2.3',
    ]);
    expect(explanation(await object(`${file}&transferSyntax=1.2.840.10008.1.2.4.102`))).toEqual([
      400,
      8,
      'WADO-URI: the object cannot be put into this transfer syntax',
    ]);
  });

  it('has no pictures of what is no image', async () => {
    expect(explanation(await object('', '3'))).toEqual([400, 3, 'There is no pixel data']);
    expect((await object('&contentType=application/dicom', '3')).status).toBe(200);
  });

  const first = 'requestType=WADO&objectUID=1.3.1';

  it.each([
    ['requestType, the last one right', 'requestType=X&requestType=WADO&objectUID=1.3.1', 200],
    ['requestType, the last one wrong', `${first}&requestType=X`, 404],
    ['objectUID, the last one right', 'requestType=WADO&objectUID=9&objectUID=1.3.1', 200],
    ['objectUID, the last one wrong', `${first}&objectUID=9`, 404],
    ['studyUID, the last one right', `${first}&studyUID=9&studyUID=1.1`, 200],
    ['studyUID, the last one wrong', `${first}&studyUID=1.1&studyUID=9`, 404],
    ['frameNumber, the last one right', `${first}&frameNumber=x&frameNumber=1`, 200],
    ['frameNumber, the last one wrong', `${first}&frameNumber=1&frameNumber=x`, 400],
  ])('takes the last of what is given twice: %s', async (_, query, status) => {
    expect((await ask(query)).status).toBe(status);
  });

  it.each([
    ['with a slash', '1.3/1'],
    ['out of a folder', '../../../etc/passwd'],
    ['out of a folder, encoded', '%2e%2e%2f1.3.1'],
    ['of 8,000 digits', '1'.repeat(8000)],
  ])('finds nothing by a UID %s', async (_, uid) => {
    expect(explanation(await ask(`requestType=WADO&objectUID=${uid}`))).toEqual([404, 17, undefined]);
    expect((await object()).status).toBe(200);
  });

  const [whole, number] = ['must be a whole number from 1 to', 'must be a number'];
  const region = 'WADO-URI: "region" must be xmin,ymin,xmax,ymax from 0.0 to 1.0';

  it.each<readonly [parameter: string, values: readonly string[], status: number, details: string]>([
    ['region', ['NaN,0,1,1', '0,0,Infinity,1', '-Infinity,0,1,1', '0,0,1,1,1', `0${',1'.repeat(4999)}`], 3, region],
    ['rows', ['NaN', '1e3', '%2B5', '4294967297', '12345678901'], 3, `WADO-URI: "rows" ${whole} 2147483647`],
    [
      'frameNumber',
      ['-1', 'NaN', '1.0', '0x1', '1'.repeat(20), '2147483648'],
      3,
      `WADO-URI: "frameNumber" ${whole} 2147483647`,
    ],
    ['windowCenter', ['NaN', '1,2', '1%5C2'], 3, `WADO-URI: "windowCenter" ${number}`],
    ['imageQuality', ['101', 'NaN'], 3, `WADO-URI: "imageQuality" ${whole} 100`],
    ['contentType', ['a'.repeat(8 * 1024), 'a'.repeat(15 * 1024)], 8, 'WADO-URI: Unsupported content type: "aaa'],
    ['contentType=application/dicom&transferSyntax', ['1.2%00'], 3, 'Unknown transfer syntax'],
  ])('refuses hostile values of %s', async (parameter, values, status, details) => {
    for (const value of values) {
      const said = explanation(await object(`&${parameter}=${value}`));
      expect([value, said]).toEqual([value, [400, status, expect.stringContaining(details)]]);
    }
    expect((await object()).status).toBe(200);
  });

  it('refuses more than a request may say in its first line', async () => {
    expect((await object(`&contentType=${'a'.repeat(20 * 1024)}`)).status).toBe(431);
    expect((await object()).status).toBe(200);
  });

  it.each(['POST', 'PUT', 'DELETE'])('does not serve %s', async (method) => {
    const answer = await fetch(`${app.url}/wado?${first}`, { method });
    await answer.arrayBuffer();
    expect(answer.status).toBe(405);
  });

  it('answers HEAD and a trailing slash', async () => {
    const url = `${app.url}/wado/?requestType=WADO&objectUID=1.3.1&contentType=application/dicom`;
    const head = await fetch(url, { method: 'HEAD' });
    const get = await fetch(url);
    expect([head.status, head.headers.get('content-length')]).toEqual([200, get.headers.get('content-length')]);
    expect((await get.arrayBuffer()).byteLength).toBe(Number(head.headers.get('content-length')));
  });
});

describe('the path of WADO-URI', () => {
  const uri = '?requestType=WADO&objectUID=1.3.1';

  async function statuses(DicomWeb: object): Promise<Record<string, number>> {
    const app = await ImageApp.start(IMAGES.slice(0, 1), {}, {}, { DicomWeb });
    try {
      const paths = ['/wado', '/other/path', '/dicom-web/studies/1.1/rendered'];
      const answers = await Promise.all(paths.map(async (path) => [path, (await app.get(path + uri)).status] as const));
      return Object.fromEntries(answers);
    } finally {
      await app.close();
    }
  }

  it.each(['/other/path', 'other/path/'])('is configured as %s', async (WadoRoot) => {
    expect(await statuses({ WadoRoot, Enable: false })).toEqual({
      '/wado': 404,
      '/other/path': 200,
      '/dicom-web/studies/1.1/rendered': 404,
    });
  });

  it('can be switched off', async () => {
    expect(await statuses({ EnableWado: false })).toMatchObject({
      '/wado': 404,
      '/dicom-web/studies/1.1/rendered': 200,
    });
  });
});
