import { DicomDictionary, encodeHeader, headerModel, tokenize } from '@annal/dicom';
import { buildInstance } from '../../../../../libs/dicom/src/testing/index.js';
import { storedEvent } from '../../../../../test/support/stored-event.js';
import { type ReadingApp, startReadingApp } from '../testing/reading-app.js';

const PDF = Buffer.from(`%PDF-1.4\n${'x'.repeat(70_001)}\n\0`);
const LONG_TEXT = 'text'.repeat(20_000);
const file = buildInstance({
  sopClassUid: '1.2.840.10008.5.1.4.1.1.104.1',
  patientName: 'Doe^Jane',
  extra: [
    [0x00081140, 'SQ', [[[0x00080100, 'SH', 'in']]]],
    [0x00420011, 'OB', PDF],
    [0x00420012, 'LO', 'application/pdf'],
    [0x0040a160, 'UT', LONG_TEXT],
  ],
});

describe('raw content over HTTP', () => {
  const stored = storedEvent({
    patient: 'P1',
    study: '1.2.3.1',
    series: '1.2.3.1.1',
    instance: '1',
    size: file.length,
  });
  const id = stored.data.ids.instance;
  let reading: ReadingApp;
  beforeAll(async () => {
    const dictionary = new DicomDictionary();
    const model = headerModel(tokenize(file, { lookup: dictionary }), { dictionary, defaultEncoding: 'Latin1' });
    const header = encodeHeader(model).toString('base64');
    reading = await startReadingApp({}, file);
    await reading.log.submit([{ ...stored, sealed: { ...stored.sealed!, header } }]);
  });
  afterAll(() => reading.close());

  const get = (path: string, init: RequestInit = {}): Promise<Response> => fetch(reading.app.url + path, init);

  it.each([
    [`/instances/${id}/content/0010-0010`, 'application/octet-stream', Buffer.from('Doe^Jane')],
    [`/instances/${id}/content/PatientName/`, 'application/octet-stream', Buffer.from('Doe^Jane')],
    [`/instances/${id}/content/0008,1140/0/00080100`, 'application/octet-stream', Buffer.from('in')],
    [`/instances/${id}/content/0042-0011`, 'application/octet-stream', PDF],
    [`/instances/${id}/pdf`, 'application/pdf', PDF.subarray(0, -1)],
  ])('gives %s as %s, with its length', async (path, type, value) => {
    const answer = await get(path);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe(type);
    expect(answer.headers.get('content-length')).toBe(String(value.length));
    expect(Buffer.from(await answer.arrayBuffer()).equals(value)).toBe(true);
    const head = await get(path, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(value.length)]);
  });

  it('lists what is below as JSON, or as XML', async () => {
    const answer = await get(`/instances/${id}/content/0008-1140/0`);
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await answer.json()).toEqual(['0008-0100']);
    expect((await reading.ask(`/instances/${id}/content`)).json).toContain('0042-0011');
    const xml = await get(`/instances/${id}/content/0008-1140`, { headers: { accept: 'application/xml' } });
    expect(xml.headers.get('content-type')).toBe('application/xml; charset=utf-8');
  });

  it.each([
    [`/instances/${id}/content/0099-0099`, 404, undefined],
    [`/instances/${id}/content/0008-1140/5`, 404, undefined],
    [`/instances/${id}/content/nope`, 500, { OrthancStatus: 27, OrthancError: 'Unknown DICOM tag', Details: 'nope' }],
    [`/instances/nope/content/0010-0010`, 404, { OrthancStatus: 17, Uri: '/instances/nope/content/0010-0010' }],
    [`/instances/nope/content`, 404, { OrthancStatus: 17 }],
    [`/instances/nope/pdf`, 404, { OrthancStatus: 17 }],
  ])('answers %s by %s', async (path, status, body) => {
    const answer = await get(path);
    const text = await answer.text();
    expect([answer.status, text === '' ? undefined : JSON.parse(text)]).toEqual([
      status,
      body && expect.objectContaining(body),
    ]);
  });

  it('shows the values of tags in full where their length is to be ignored', async () => {
    const path = `/instances/${id}/tags?simplify`;
    expect((await reading.ask(path)).json).toMatchObject({ TextValue: null });
    expect((await reading.ask(`${path}&ignore-length=TextValue`)).json).toMatchObject({ TextValue: LONG_TEXT });
  });

  it('takes tags to be shown in full from a list with commas, where there are long values', async () => {
    expect((await reading.ask(`/instances/${id}/tags?ignore-length=0010-0010,PatientID`)).status).toBe(200);
    for (const wrong of ['nope', '', '0010,0010']) {
      const { status, json } = await reading.ask(`/instances/${id}/tags?ignore-length=${wrong}`);
      expect([status, json]).toEqual([500, expect.objectContaining({ OrthancStatus: 27 })]);
      expect((await reading.ask(`/instances/${id}/header?ignore-length=${wrong}`)).status).toBe(200);
      expect((await reading.ask(`/series/${stored.data.ids.series}/shared-tags?ignore-length=${wrong}`)).status).toBe(
        200,
      );
    }
  });
});
