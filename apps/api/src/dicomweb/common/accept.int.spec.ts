import { ImageApp } from '../../rest/images/testing/image-app.js';

const instance = '/dicom-web/studies/1.1/series/1.2.1/instances/1.3.1';
const related = (type: string): string => `multipart/related; type="${type}"`;

/** Routes, with what they send to who accepts anything, and something else that they can send. */
const ROUTES: readonly (readonly [path: string, usual: string, other: string])[] = [
  ['/dicom-web/studies/1.1', related('application/dicom'), 'application/zip'],
  ['/dicom-web/studies/1.1/series/1.2.1', related('application/dicom'), 'application/zip'],
  [instance, related('application/dicom'), 'application/dicom'],
  [`${instance}/frames/1`, related('application/octet-stream'), 'image/jls'],
  [`${instance}/pixeldata`, related('application/octet-stream'), related('image/jls')],
  [`${instance}/rendered`, 'image/jpeg', 'image/png'],
  [`${instance}/thumbnail`, 'image/jpeg', 'image/png'],
  [`${instance}/bulk/7fe00010`, related('application/octet-stream'), 'application/octet-stream'],
  [
    '/dicom-web/studies/1.1/series/1.2.1/instances/1.3.1/metadata',
    'application/dicom+json',
    related('application/dicom+xml'),
  ],
  ['/dicom-web/studies', 'application/dicom+json', related('application/dicom+xml')],
];

describe('the query parameter accept', () => {
  let app: ImageApp;
  beforeAll(async () => {
    const image = { rows: 2, columns: 2, pixelBytes: Buffer.from([0, 51, 102, 255]) };
    app = await ImageApp.start([{ name: '1', image }], {}, { DicomWebStrictStatus: true });
  });
  afterAll(() => app.close());

  /** Status and, of what is there, the media type without what only this answer can have. */
  const ask = async (path: string, parameter: string, accept: string): Promise<unknown> => {
    const { status, type } = await app.get(`${path}?accept=${parameter}`, { accept });
    const plain = type?.replace(/; (boundary|transfer-syntax)=[^;"]*/g, '');
    return status === 200 ? plain : status;
  };

  it.each(ROUTES)('takes the place of the header: %s', async (path, usual, other) => {
    expect(await ask(path, encodeURIComponent(other), '*/*')).toBe(other);
    expect(await ask(path, encodeURIComponent(other), 'text/html')).toBe(other);
    expect(await ask(path, encodeURIComponent(`text/html, ${other};q=0.1`), usual)).toBe(other);
    for (const header of ['*/*', usual]) expect(await ask(path, 'text/html', header)).toBe(406);
    for (const empty of ['', '%20']) expect(await ask(path, empty, '*/*')).toBe(usual);
    expect(await ask(path, '', 'text/html')).toBe(406);
  });

  it('may have a plus as it is', async () => {
    for (const path of ['/dicom-web/studies', '/dicom-web/studies/1.1/metadata']) {
      expect(await ask(path, 'application/dicom+json', 'text/html')).toBe('application/dicom+json');
    }
  });
});
