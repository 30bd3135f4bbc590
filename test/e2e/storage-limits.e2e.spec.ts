import { v7 as uuidv7 } from 'uuid';
import { expectConsistent, expectExactly, orphanBlobs } from '../support/archive-checks.js';
import { ArchiveServer } from '../support/archive-server.js';
import { asClients, uploadAll } from '../support/clients.js';
import { query } from '../support/database.js';
import { sampleFile, type SampleFile } from '../support/sample-study.js';

const of = (patient: string, instance: number, pixels = 512): SampleFile =>
  sampleFile({ patient, study: 1, series: 1, instance }, pixels);
const named = (prefix: string, count: number, pixels = 512): SampleFile[] =>
  Array.from({ length: count }, (_, i) => of(`${prefix}${i}`, 1, pixels));

/** What an upload of another patient, which goes on for ever, reserves. */
const RESERVATION = `INSERT INTO reservations (id, bytes, patient_id, at) VALUES ($1, 1000, 'another', now() - $2::interval)`;

describe('storage limits', () => {
  let server: ArchiveServer;
  const start = async (configuration: Record<string, unknown>): Promise<void> => {
    server = await ArchiveServer.start({ configuration });
  };
  afterEach(() => server.close());
  const status = async (file: SampleFile): Promise<number> => (await server.upload(file.bytes)).status;
  /** The most there ever was, whatever moment is looked at: the totals along the log. */
  const peak = async (change: string, level: number, files: readonly SampleFile[] = []): Promise<number> => {
    const sizes = Object.fromEntries(files.map(({ ids, bytes }) => [ids.instance, bytes.length]));
    const [row] = await query<{ peak: number }>(
      server,
      `SELECT max(n)::bigint AS peak FROM (SELECT sum(${change}) OVER (ORDER BY seq) AS n
        FROM change_feed LEFT JOIN json_each_text($1) sizes ON key = resource_id WHERE level = ${level}) counted`,
      [JSON.stringify(sizes)],
    );
    return row!.peak;
  };
  const patientsPeak = (): Promise<number> => peak('CASE type WHEN 4 THEN 1 WHEN 8 THEN -1 ELSE 0 END', 0);
  const bytesPeak = (files: readonly SampleFile[]): Promise<number> =>
    peak('CASE type WHEN 1 THEN value::bigint ELSE -value::bigint END', 3, files);

  it('refuse new patients in mode Reject, and take more of those that are there', async () => {
    await start({ MaximumPatientCount: 2, MaximumStorageMode: 'Reject' });
    const [a, b, c] = [of('A', 1), of('B', 1), of('C', 1)];
    expect([await status(a), await status(b), await status(c)]).toEqual([200, 200, 507]);
    expect(await status(of('A', 2))).toBe(200);
    expect((await server.upload(c.bytes)).body).toMatchObject({ HttpStatus: 507, OrthancStatus: 19 });
    expect(await status(a)).toBe(200);
    await expectExactly(server, [a, b, of('A', 2)]);
  });

  it('refuse what does not fit in mode Reject, and keep nothing of it', async () => {
    await start({ MaximumStorageSize: 8, MaximumStorageMode: 'Reject' });
    const large = of('L', 1, 5_000_000);
    const statuses = await asClients(4, [large, of('M', 1, 5_000_000), of('N', 1, 9_000_000), of('O', 1)], status);
    expect(statuses.sort()).toEqual([200, 200, 507, 507]);
    expect(await orphanBlobs(server)).toEqual([]);
    expect(await server.json('/statistics')).toMatchObject({ CountInstances: 2 });
  });

  it('are not exceeded by many at once, and are used up, in mode Recycle', async () => {
    await start({ MaximumPatientCount: 5 });
    const files = named('R', 60);
    const answers = await uploadAll(server, files, 12);
    expect(new Set(answers.map(({ Status }) => Status))).toEqual(new Set(['Success']));
    expect(await expectConsistent(server, files)).toHaveLength(5);
    expect(await patientsPeak()).toBe(5);
  });

  it('of size are not exceeded by many at once', async () => {
    await start({ MaximumStorageSize: 1 });
    const files = named('S', 40, 200_000);
    await uploadAll(server, files, 12);
    expect(await expectConsistent(server, files)).toHaveLength(5);
    expect(await bytesPeak(files)).toBeLessThanOrEqual(1024 * 1024);
  });

  it('recycle the patient that was longest without anything new, never the one being stored', async () => {
    await start({ MaximumStorageSize: 1 });
    const files = [of('A', 1, 300_000), of('B', 1, 300_000), of('C', 1, 300_000)];
    for (const file of files) await uploadAll(server, [file], 1);
    // A is the oldest, but it is the one that goes on
    await uploadAll(server, [of('A', 2, 300_000)], 1);
    await expectExactly(server, [files[0]!, files[2]!, of('A', 2, 300_000)]);
    await uploadAll(server, [of('D', 1, 300_000)], 1);
    await expectExactly(server, [files[0]!, of('A', 2, 300_000), of('D', 1, 300_000)]);
  });

  it('refuse an upload after RecyclingTimeout while others under way hold all the room', async () => {
    await start({ MaximumPatientCount: 1, Annal: { Limits: { RecyclingTimeout: 1 } } });
    await query(server, RESERVATION, [uuidv7(), '0 minutes']);
    expect((await server.upload(of('A', 1).bytes)).body).toMatchObject({ HttpStatus: 507, OrthancStatus: 19 });
    await query(server, 'DELETE FROM reservations');
    expect(await status(of('A', 1))).toBe(200);
    await expectExactly(server, [of('A', 1)]);
  });

  it('forget after an hour what a killed upload had reserved', async () => {
    await start({ MaximumPatientCount: 1, Annal: { Limits: { RecyclingTimeout: 1 } } });
    await query(server, RESERVATION, [uuidv7(), '61 minutes']);
    expect(await status(of('A', 1))).toBe(200);
    await query(server, RESERVATION, [uuidv7(), '59 minutes']);
    expect(await status(of('B', 1))).toBe(507);
  });

  it('refuse at once what could not fit however many were recycled', async () => {
    await start({ MaximumStorageSize: 1 });
    const file = of('A', 1, 600_000);
    expect([await status(file), await status(of('B', 1, 2_000_000)), await status(of('A', 2, 600_000))]).toEqual([
      200, 507, 507,
    ]);
    await expectExactly(server, [file]);
  });
});
