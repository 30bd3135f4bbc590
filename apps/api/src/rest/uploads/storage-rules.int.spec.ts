import { sampleFile, type SampleFile } from '../../../../../test/support/sample-study.js';
import { startWritingApp, type WritingApp } from '../testing/writing-app.js';

const of = (patient: string, instance: number, pixels = 300_000): SampleFile =>
  sampleFile({ patient, study: 1, series: 1, instance }, pixels);

describe('a full storage', () => {
  let writing: WritingApp;
  afterEach(() => writing.close());
  const upload = async (...files: readonly SampleFile[]): Promise<readonly number[]> => {
    const statuses: number[] = [];
    for (const { bytes } of files) statuses.push((await writing.send('POST', '/instances', bytes)).status);
    return statuses;
  };
  const patients = async (): Promise<unknown> => (await writing.send('GET', '/patients')).json;
  const protect = (file: SampleFile, on: '0' | '1'): Promise<unknown> =>
    writing.send('PUT', `/patients/${file.ids.patient}/protected`, on);

  it('gives up unprotected patients, the one that was longest without anything new first', async () => {
    writing = await startWritingApp({ MaximumPatientCount: 2 });
    const [a, b, c, d] = ['A', 'B', 'C', 'D'].map((name) => of(name, 1, 512)) as [
      SampleFile,
      SampleFile,
      SampleFile,
      SampleFile,
    ];
    expect(await upload(a, b)).toEqual([200, 200]);
    await protect(a, '1');
    expect(await upload(c)).toEqual([200]);
    expect(await patients()).toEqual([a.ids.patient, c.ids.patient]);
    await protect(c, '1');
    const refused = await writing.send('POST', '/instances', d.bytes);
    expect([refused.status, refused.json]).toMatchObject([507, { HttpStatus: 507, OrthancStatus: 19 }]);
    await protect(a, '0');
    expect(await upload(d)).toEqual([200]);
    expect(await patients()).toEqual([c.ids.patient, d.ids.patient]);
  });

  it('gives up nobody for what would not fit however many went', async () => {
    writing = await startWritingApp({ MaximumStorageSize: 1 });
    const [a, b] = [of('A', 1), of('B', 1, 600_000)];
    expect(await upload(a, b)).toEqual([200, 200]);
    expect(await upload(of('B', 2, 600_000))).toEqual([507]);
    await protect(a, '1');
    expect(await upload(of('C', 1, 900_000))).toEqual([507]);
    expect(await patients()).toEqual([a.ids.patient, b.ids.patient]);
  });

  it('counts what users attached, and gives it up with its patient', async () => {
    writing = await startWritingApp({ MaximumStorageSize: 1 });
    const [a, b] = [of('A', 1), of('B', 1)];
    expect(await upload(a, b)).toEqual([200, 200]);
    const attach = async (file: SampleFile, size: number): Promise<number> =>
      (await writing.send('PUT', `/series/${file.ids.series}/attachments/1024`, Buffer.alloc(size))).status;
    expect(await attach(a, 400_000)).toBe(200);
    // one of the same kind takes its place
    expect(await attach(a, 430_000)).toBe(200);
    expect(await patients()).toEqual([a.ids.patient, b.ids.patient]);
    expect(await attach(b, 500_000)).toBe(200);
    expect(await patients()).toEqual([b.ids.patient]);
    expect((await writing.send('GET', '/statistics')).json).toMatchObject({
      TotalDiskSize: String(b.bytes.length + 500_000),
    });
    expect(await attach(b, 1_000_000)).toBe(507);
    expect(await attach(b, 2_000_000)).toBe(507);
  });
});
