import { Session } from '@annal/platform';
import { ArchiveServer } from '../support/archive-server.js';
import { query } from '../support/database.js';
import { until } from '../support/processes.js';
import { sampleFile } from '../support/sample-study.js';

describe('more requests than a worker process has connections to the database', () => {
  let server: ArchiveServer;
  let blocker: Session;
  beforeAll(async () => {
    server = await ArchiveServer.start({ configuration: { Annal: { Workers: 1 } } });
    blocker = new Session({ connectionString: server.databaseUrl }, 'blocker');
  });
  afterAll(async () => {
    await blocker.reset();
    await server.close();
  });

  it('wait for one of 8, and are all answered', async () => {
    const { ids, bytes } = sampleFile({ patient: 'C', study: 1, series: 1, instance: 1 });
    expect((await server.upload(bytes)).status).toBe(200);
    await blocker.execute('BEGIN; LOCK TABLE patients IN ACCESS EXCLUSIVE MODE');
    const answers = Promise.all(Array.from({ length: 40 }, () => server.json('/patients')));
    const connections = async (condition = 'true'): Promise<number> => {
      const [row] = await query<{ n: number }>(
        server,
        `SELECT count(*) AS n FROM pg_stat_activity
          WHERE datname = current_database() AND application_name = 'annal worker' AND ${condition}`,
      );
      return row!.n;
    };
    await until(async () => (await connections(`wait_event_type = 'Lock'`)) === 8);
    await blocker.execute('COMMIT');
    expect(await answers).toEqual(Array(40).fill([ids.patient]));
    expect(await connections()).toBe(8);
  });
});
