import { buildInstance } from '../../../../../libs/dicom/src/testing/instance-builder.js';
import { sampleFile, type SampleFile } from '../../../../../test/support/sample-study.js';
import { startWritingApp, type Answer, type WritingApp } from '../../rest/testing/writing-app.js';
import { stowBody, stowType, type StowPart } from '../testing/stow-body.js';

const file = (patient: string, instance: number, pixels: number | Buffer = 512): SampleFile =>
  sampleFile({ patient, study: 1, series: 1, instance }, pixels);
const JSON_TYPE = 'application/dicom+json';

interface Answered {
  readonly status: number;
  /** Identifiers of what is listed as stored, and failure reasons by identifier. */
  readonly stored: readonly string[];
  readonly failed: Readonly<Record<string, number>>;
  readonly others: readonly number[];
  readonly answer: Answer;
}

type Item = Record<string, { Value: [string & number] }>;

describe('STOW-RS', () => {
  let writing: WritingApp;

  const post = (body: Buffer, headers: Record<string, string>, path = '/studies'): Promise<Answer> =>
    writing.send('POST', `/dicom-web${path}`, body, headers);
  async function stow(parts: readonly StowPart[], path = '/studies', headers = {}): Promise<Answered> {
    const answer = await post(stowBody(parts), { 'Content-Type': stowType(), ...headers }, path);
    const json = answer.json as Record<string, { Value?: Item[] }>;
    const list = (tag: string): Item[] => json[tag]?.Value ?? [];
    const uidOf = (item: Item): string => item['00081155']!.Value[0];
    const reasonOf = (item: Item): number => item['00081197']!.Value[0];
    return {
      status: answer.status,
      stored: list('00081199').map(uidOf),
      failed: Object.fromEntries(list('00081198').map((item) => [uidOf(item), reasonOf(item)])),
      others: list('0008119A').map(reasonOf),
      answer,
    };
  }
  const instances = async (): Promise<number> => ((await writing.send('GET', '/instances')).json as []).length;
  const uidOf = (patient: string, instance: number): string => `${seriesOf(patient)}.${instance}`;
  const seriesOf = (patient: string): string => `${studyOf(patient)}.1`;
  const studyOf = (patient: string): string =>
    /1\.2\.826\.0\.1\.\d+\.1/.exec(file(patient, 1).bytes.toString('latin1'))![0];

  describe('by default', () => {
    beforeAll(async () => {
      writing = await startWritingApp();
    });
    afterAll(() => writing.close());
    afterEach(async () => {
      const patients = (await writing.send('GET', '/patients')).json as string[];
      await writing.send('POST', '/tools/bulk-delete', JSON.stringify({ Resources: patients }));
    });

    it('stores instances byte by byte, and says where they are', async () => {
      const files = [file('A', 1), file('B', 1, 5_000_001), file('A', 2)];
      const { status, answer } = await stow(files.map(({ bytes }) => bytes));
      expect([status, answer.headers.get('content-type')]).toEqual([200, JSON_TYPE]);
      const base = `${writing.app.url}/dicom-web/studies`;
      const listed = (patient: string, instance: number): object => ({
        '00081150': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.7'] },
        '00081155': { vr: 'UI', Value: [uidOf(patient, instance)] },
        '00081190': {
          vr: 'UR',
          Value: [`${base}/${studyOf(patient)}/series/${seriesOf(patient)}/instances/${uidOf(patient, instance)}`],
        },
      });
      expect(answer.json).toEqual({
        '00080005': { vr: 'CS', Value: ['ISO_IR 100'] },
        '00081190': { vr: 'UR', Value: [`${base}/${studyOf('A')}`] },
        '00081199': { vr: 'SQ', Value: [listed('A', 1), listed('B', 1), listed('A', 2)] },
      });
      for (const { ids, bytes } of files) {
        expect((await writing.send('GET', `/instances/${ids.instance}/file`)).bytes.equals(bytes)).toBe(true);
      }
      const metadata = await writing.send('GET', `/instances/${files[0]!.ids.instance}/metadata?expand`);
      expect(metadata.json).toMatchObject({ Origin: 'Plugins', RemoteIP: '127.0.0.1', RemoteAET: '' });
      const { ids } = files[0]!;
      const again = await stow([files[0]!.bytes], `/studies/${studyOf('A')}/`);
      expect([again.status, again.stored, await instances()]).toEqual([200, [uidOf('A', 1)], 3]);
      // other bytes of the same instance are not kept, and the client is told
      const other = await stow([file('A', 1, 514).bytes]);
      expect([other.status, other.stored]).toEqual([200, [uidOf('A', 1)]]);
      expect(other.answer.json).toMatchObject({ '00081199': { Value: [{ '00081196': { Value: [0xb006] } }] } });
      expect((await writing.send('GET', `/instances/${ids.instance}/file`)).bytes.equals(files[0]!.bytes)).toBe(true);
    });

    it('loses no good part to a bad one', async () => {
      const noUids = buildInstance({ sopUid: '1.2.3', extra: [[0x0020000e, 'UI', '']] });
      const text = { headers: { 'Content-Type': 'text/plain' }, content: 'hello' };
      const parts = [
        file('A', 1).bytes,
        Buffer.from('no DICOM'),
        file('A', 2).bytes,
        text,
        Buffer.alloc(0),
        file('A', 3).bytes,
      ];
      const { status, stored, failed, answer } = await stow([...parts, file('A', 4).bytes.subarray(0, 700)]);
      expect([status, answer.headers.get('content-type')]).toEqual([400, JSON_TYPE]);
      expect([stored, failed]).toEqual([[1, 2, 3].map((number) => uidOf('A', number)), {}]);
      expect(Object.keys(answer.json as object)).toEqual(['00080005', '00081190', '00081199']);
      expect(await instances()).toBe(3);
      expect((await stow([noUids])).status).toBe(400);
    });

    it('refuses instances without identifiers by name, and those of another study', async () => {
      const without = (tag: number): Buffer => withoutElement(file('A', 1).bytes, tag);
      expect(await stow([without(0x0020000d)])).toMatchObject({ status: 400, failed: { [uidOf('A', 1)]: 0xc000 } });
      expect(await stow([without(0x0020000e)])).toMatchObject({ status: 400, failed: { [uidOf('A', 1)]: 0xc000 } });
      expect(await stow([without(0x00080016)])).toMatchObject({ status: 400, failed: {}, stored: [] });
      const path = `/studies/${studyOf('B')}`;
      expect(await stow([file('A', 1).bytes], path)).toMatchObject({
        status: 409,
        failed: { [uidOf('A', 1)]: 0x0110 },
      });
      expect(await instances()).toBe(0);
      const mixed = await stow([file('A', 1).bytes, file('B', 1).bytes], path);
      expect(mixed).toMatchObject({ status: 409, failed: { [uidOf('A', 1)]: 0x0110 }, stored: [uidOf('B', 1)] });
      const worse = await stow([file('A', 1).bytes, Buffer.from('x')], path);
      expect(worse).toMatchObject({ status: 400, failed: { [uidOf('A', 1)]: 0x0110 } });
    });

    it('takes a file alone, and parts that do not say what they are', async () => {
      const alone = await post(file('A', 1).bytes, { 'Content-Type': 'application/dicom' });
      expect(alone.status).toBe(200);
      expect((await stow([{ headers: {}, content: file('A', 2).bytes }])).stored).toEqual([uidOf('A', 2)]);
      expect((await post(Buffer.from('x'), { 'Content-Type': 'application/dicom' })).status).toBe(400);
    });

    it.each([
      ['', 415],
      ['text/plain', 415],
      ['multipart/form-data; boundary=stow-edge', 415],
      ['multipart/related; boundary=stow-edge', 415],
      ['multipart/related; type="text/plain"; boundary=stow-edge', 415],
      ['multipart/related; type="application/dicom"', 415],
      ['multipart/related; type="application/dicom"; boundary=""', 415],
      [`multipart/related; type="application/dicom"; boundary=${'b'.repeat(257)}`, 400],
      ['multipart/related; type="application/dicom"; boundary=other', 400],
      ['Multipart/Related; Type=application/dicom; Boundary="stow-edge"', 200],
    ])('answers a body of type %s with %i', async (type, status) => {
      const answer = await post(stowBody([file('A', 1).bytes]), { 'Content-Type': type });
      expect([answer.status, await instances()]).toEqual([status, status === 200 ? 1 : 0]);
      if (status === 415) expect(answer.json).toMatchObject({ OrthancStatus: 3000 });
    });

    it.each([
      ['*/*', 200, JSON_TYPE],
      ['application/json', 200, JSON_TYPE],
      ['application/dicom+xml', 200, 'application/dicom+xml'],
      ['text/xml', 200, 'application/dicom+xml'],
      ['application/dicom+json;q=0.5, application/dicom+xml', 200, 'application/dicom+xml'],
      ['application/dicom+xml;q=0.1, */*', 200, JSON_TYPE],
      ['text/html', 400, 'text/plain'],
    ])('answers Accept: %s with %i, %s', async (Accept, status, type) => {
      const answer = await post(stowBody([file('A', 1).bytes]), { 'Content-Type': stowType(), Accept });
      expect([answer.status, answer.headers.get('content-type')]).toEqual([status, type]);
      expect(await instances()).toBe(status === 200 ? 1 : 0);
      if (type.endsWith('xml')) {
        expect(answer.text).toContain(`<DicomAttribute tag="00081155" vr="UI" keyword="ReferencedSOPInstanceUID">`);
        expect(answer.text).toContain(uidOf('A', 1));
      }
    });
  });

  describe('as configured', () => {
    afterEach(() => writing.close());

    it('answers with the statuses of the standard where that is wanted', async () => {
      writing = await startWritingApp({ Annal: { DicomWebStrictStatus: true } });
      const [good, bad] = [file('A', 1).bytes, Buffer.from('no DICOM')];
      const path = `/studies/${studyOf('A')}`;
      expect(await stow([bad])).toMatchObject({ status: 400, others: [0xc000] });
      expect(await stow([file('B', 1).bytes, bad], path)).toMatchObject({ status: 409, others: [0xc000] });
      const some = await stow([good, bad, file('B', 1).bytes], path);
      expect(some).toMatchObject({
        status: 202,
        stored: [uidOf('A', 1)],
        failed: { [uidOf('B', 1)]: 0x0110 },
        others: [0xc000],
      });
      expect(some.answer.headers.get('content-type')).toBe(JSON_TYPE);
      expect((await stow([good])).status).toBe(200);
      expect((await stow([file('A', 1, 514).bytes])).status).toBe(202);
      expect((await stow([good], path, { Accept: 'text/html' })).status).toBe(406);
    });

    it('says of each instance for which there is no room that there is none', async () => {
      writing = await startWritingApp({ MaximumStorageSize: 1, MaximumStorageMode: 'Reject' });
      const { status, stored, failed } = await stow([file('A', 1, 600_000).bytes, file('A', 2, 600_000).bytes]);
      expect([status, stored.length]).toEqual([400, 1]);
      expect(Object.values(failed)).toEqual([0xa700]);
      expect(await instances()).toBe(1);
    });

    it('takes no more than the limits allow, and keeps what came before', async () => {
      const Limits = { MaxMultipartParts: 3, MaxMultipartHeaderSize: 100, MaxDicomHeaderSize: 20_000 };
      writing = await startWritingApp({ Annal: { Limits } });
      const many = Array.from({ length: 4 }, (_, index) => file('A', index + 1).bytes);
      const refused = await stow(many);
      expect([refused.status, await instances()]).toEqual([413, 3]);
      const header = { headers: { 'X-Long': 'x'.repeat(200) }, content: many[3]! };
      expect((await stow([header])).status).toBe(413);
      expect((await stow([many[3]!])).stored).toEqual([uidOf('A', 4)]);
    });

    it('is not there in read-only mode', async () => {
      writing = await startWritingApp({ ReadOnly: true });
      const answer = await post(stowBody([file('A', 1).bytes]), { 'Content-Type': stowType() });
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET']);
    });
  });
});

/** A file in explicit little endian without one of its elements, which has a short value. */
function withoutElement(bytes: Buffer, tag: number): Buffer {
  const start = Buffer.alloc(4);
  start.writeUInt16LE(tag >>> 16, 0);
  start.writeUInt16LE(tag & 0xffff, 2);
  const at = bytes.indexOf(start, 132);
  return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 8 + bytes.readUInt16LE(at + 6))]);
}
