import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { sampleFile } from '../../../../../../test/support/sample-study.js';
import { startWritingApp, type Answer, type WritingApp } from '../../../rest/testing/writing-app.js';
import { stowBody, type StowPart, stowType } from '../../testing/stow-body.js';

const JSON_TYPE = 'application/dicom+json';
const XML_TYPE = 'application/dicom+xml';
const MIB = 1024 * 1024;

const image = (number: number, more: object = {}): object => ({
  '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.7'] },
  '00080018': { vr: 'UI', Value: [`1.2.3.1.${number}`] },
  '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Größe^A' }] },
  '00100020': { vr: 'LO', Value: ['P'] },
  '0020000D': { vr: 'UI', Value: ['1.2.3'] },
  '0020000E': { vr: 'UI', Value: ['1.2.3.1'] },
  '00280010': { vr: 'US', Value: [1] },
  '00280011': { vr: 'US', Value: [4] },
  '00280100': { vr: 'US', Value: [8] },
  '7FE00010': { vr: 'OB', BulkDataURI: `bulk/${number}` },
  ...more,
});
const metadata = (content: unknown): StowPart => ({
  headers: { 'Content-Type': JSON_TYPE },
  content: JSON.stringify(content),
});
const bulk = (number: number, content: Buffer | string = 'abcd', type = 'application/octet-stream'): StowPart => ({
  headers: { 'Content-Type': type, 'Content-Location': `bulk/${number}` },
  content,
});

describe('STOW-RS of metadata and bulk data', () => {
  let writing: WritingApp;
  beforeAll(async () => {
    const Limits = { MaxJsonBodySize: MIB, MaxJsonDepth: 64, MaxMultipartParts: 5000 };
    writing = await startWritingApp({ Annal: { DicomWebStrictStatus: true, Limits } });
  });
  afterAll(() => writing.close());
  afterEach(async () => {
    const Resources = (await writing.send('GET', '/patients')).json as string[];
    await writing.send('POST', '/tools/bulk-delete', JSON.stringify({ Resources }));
  });

  const stow = (parts: readonly StowPart[], type = JSON_TYPE, path = '/studies'): Promise<Answer> =>
    writing.send('POST', `/dicom-web${path}`, stowBody(parts), { 'Content-Type': stowType(type) });
  const instances = async (): Promise<readonly string[]> => (await writing.send('GET', '/instances')).json as string[];
  const listed = (answer: Answer, tag: string): object[] =>
    (answer.json as Record<string, { Value?: object[] } | undefined>)[tag]?.Value ?? [];
  const reasons = (answer: Answer): unknown[] =>
    [...listed(answer, '00081198'), ...listed(answer, '0008119A')].map(
      (item) => (item as Record<string, { Value: number[] }>)['00081197']!.Value[0],
    );

  it('makes instances of JSON, their bulk data beside them in any order', async () => {
    const large = Buffer.alloc(5 * MIB, 'x');
    const answer = await stow([metadata([image(1), image(2)]), bulk(2, large), bulk(1)]);
    expect([answer.status, listed(answer, '00081199').length]).toEqual([200, 2]);
    const [first] = await instances();
    expect((await writing.send('GET', `/instances/${first}/content/PatientName`)).text.trim()).toBe('Größe^A');
    expect((await writing.send('GET', `/instances/${first}/frames/0/raw`)).text).toBe('abcd');
    const second = await writing.send('GET', `/instances/${(await instances())[1]}/file`);
    expect(second.bytes.subarray(-large.length).equals(large)).toBe(true);
    const again = await stow([metadata(image(1)), bulk(1)], JSON_TYPE, '/studies/1.2.3');
    expect([again.status, reasons(again)]).toEqual([200, []]);
    expect(reasons(await stow([metadata(image(1)), bulk(1)], JSON_TYPE, '/studies/1.2.4'))).toEqual([0x0110]);
  });

  it('makes instances of XML, and of pictures', async () => {
    const text = (tag: string, vr: string, value: string): string =>
      `<DicomAttribute tag="${tag}" vr="${vr}"><Value number="1">${value}</Value></DicomAttribute>`;
    const xml =
      '<?xml version="1.0" encoding="utf-8"?><NativeDicomModel xmlns="http://dicom.nema.org/PS3.19/models/NativeDICOM">' +
      text('00080016', 'UI', '1.2.840.10008.5.1.4.1.1.7') +
      text('00080018', 'UI', '1.2.3.1.9') +
      text('00100020', 'LO', 'P') +
      text('0020000D', 'UI', '1.2.3') +
      text('0020000E', 'UI', '1.2.3.1') +
      '<DicomAttribute tag="7FE00010" vr="OB"><BulkData uri="bulk/1"/></DicomAttribute></NativeDicomModel>';
    const part = { headers: { 'Content-Type': `${XML_TYPE}; charset=utf-8` }, content: xml };
    const answer = await stow(
      [part, bulk(1, 'picture', 'image/jpeg; transfer-syntax=1.2.840.10008.1.2.4.50')],
      XML_TYPE,
    );
    expect([answer.status, reasons(answer)]).toEqual([200, []]);
    const [id] = await instances();
    const syntax = await writing.send('GET', `/instances/${id}/metadata/TransferSyntax`);
    expect(syntax.text).toBe('1.2.840.10008.1.2.4.50');
  });

  it('loses no good instance to a bad one', async () => {
    const answer = await stow([
      metadata([image(1), image(2, { '0020000E': { vr: 'UI' } }), image(3)]),
      metadata('no data set'),
      { headers: { 'Content-Type': JSON_TYPE }, content: '{"no": "json"' },
      { headers: { 'Content-Type': 'text/plain' }, content: 'no metadata' },
      bulk(1),
      bulk(2),
      bulk(4, 'abcd', 'image/bmp'),
      metadata([image(4)]),
    ]);
    expect([answer.status, listed(answer, '00081199').length]).toEqual([202, 1]);
    expect(reasons(answer).sort()).toEqual([0xc000, 0xc000, 0xc000, 0xc000, 0xc001, 0xc122].sort());
    expect(await instances()).toHaveLength(1);
  });

  it.each(['http://127.0.0.1:1/x', 'file:///etc/passwd', '//host/x', 'studies/1.2.3/bulkdata/1'])(
    'never fetches bulk data: %s is missing',
    async (BulkDataURI) => {
      const answer = await stow([metadata(image(1, { '7FE00010': { vr: 'OB', BulkDataURI } }))]);
      expect([answer.status, reasons(answer), await instances()]).toEqual([400, [0xc001], []]);
    },
  );

  it('refuses external entities, entities that grow, deep and large metadata', async () => {
    const xml = (content: string): Promise<Answer> =>
      stow([{ headers: { 'Content-Type': XML_TYPE }, content }], XML_TYPE);
    for (const content of [
      '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><NativeDicomModel>&x;</NativeDicomModel>',
      '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><NativeDicomModel>&b;</NativeDicomModel>',
      '<NativeDicomModel>'.repeat(10_000),
    ]) {
      const answer = await xml(content);
      expect([answer.status, reasons(answer)]).toEqual([400, [0xc000]]);
    }
    const deep = { headers: { 'Content-Type': JSON_TYPE }, content: '['.repeat(100_000) };
    expect((await stow([deep])).status).toBe(413);
    const large = { headers: { 'Content-Type': JSON_TYPE }, content: Buffer.alloc(MIB + 1, ' ') };
    expect((await stow([large])).status).toBe(413);
    expect((await xml(' '.repeat(MIB + 1))).status).toBe(413);
    expect(await instances()).toEqual([]);
  });

  it('refuses 100,000 parts, and parts that are multipart bodies themselves', async () => {
    const many = Buffer.concat([Buffer.from('--stow-edge\r\n\r\n\r\n'.repeat(100_000)), stowBody([])]);
    const type = { 'Content-Type': stowType() };
    expect((await writing.send('POST', '/dicom-web/studies', many, type)).status).toBe(413);
    const nested = { headers: { 'Content-Type': stowType() }, content: '--inner\r\n\r\n--inner--' };
    const answer = await stow([nested], 'application/dicom');
    expect([answer.status, reasons(answer)]).toEqual([400, [0xc000]]);
  });

  it.each([
    ['whose end never comes', (length: number) => `Content-Length: ${2 * length}`, (body: Buffer) => body],
    ['that is cut within a chunk', () => 'Transfer-Encoding: chunked', chunkOf],
  ])('keeps what was complete of a body %s', async (_what, header, framed) => {
    const [complete, cut] = ['C', 'D'].map(
      (patient) => sampleFile({ patient, study: 1, series: 1, instance: 1 }).bytes,
    );
    const whole = stowBody([complete!, cut!]);
    const body = whole.subarray(0, whole.length - 200);
    const head = `POST /dicom-web/studies HTTP/1.1\r\nHost: a\r\nContent-Type: ${stowType()}\r\n`;
    const socket = connect(writing.app.port, '127.0.0.1');
    socket.write(Buffer.concat([Buffer.from(`${head}${header(body.length)}\r\n\r\n`), framed(body)]));
    while ((await instances()).length === 0) await delay(10);
    socket.destroy();
    expect(await instances()).toHaveLength(1);
    // the next one finds nothing in its way
    expect((await stow([complete!, cut!], 'application/dicom')).status).toBe(200);
    expect(await instances()).toHaveLength(2);
  });
});

/** A chunk that announces more than it has. */
function chunkOf(body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${(body.length + 100).toString(16)}\r\n`), body]);
}
