import { Session } from '@annal/platform';
import { expectExactly, orphanBlobs } from '../support/archive-checks.js';
import { ArchiveServer } from '../support/archive-server.js';
import { until } from '../support/processes.js';
import { sampleFile } from '../support/sample-study.js';

describe.each([1, 2])('an upload whose commit got lost, with %i worker processes', (Workers) => {
  let server: ArchiveServer;
  /** A session of another database of the same PostgreSQL, and one that gets into the way of commits. */
  let administrator: Session;
  let blocker: Session;
  beforeEach(async () => {
    server = await ArchiveServer.start({ configuration: { Annal: { Workers, Limits: { WriterTimeout: 1 } } } });
    blocker = new Session({ connectionString: server.databaseUrl }, 'blocker');
    administrator = new Session({ connectionString: elsewhere(server).href }, 'administrator', { schema: 'public' });
  });
  afterEach(async () => {
    await blocker.reset();
    await administrator.reset();
    await server.close();
  });

  it.each([
    ['answers nothing', async () => undefined],
    [
      'lets nobody in',
      () => administrator.execute(`ALTER DATABASE ${elsewhere(server).database} ALLOW_CONNECTIONS false`),
    ],
  ])('may have taken effect when the database %s for WriterTimeout', async (_what, hinder) => {
    const file = sampleFile({ patient: 'W', study: 1, series: 1, instance: 1 });
    await blocker.execute('BEGIN; LOCK TABLE annal_log.events IN ACCESS EXCLUSIVE MODE');
    const uploading = server.upload(file.bytes);
    const writers = `FROM pg_stat_activity WHERE application_name = 'annal log writer'
      AND datname = '${elsewhere(server).database}' AND wait_event_type = 'Lock'`;
    await until(async () => (await administrator.execute(`SELECT 1 ${writers}`))[0]!.length === 1);
    await hinder();
    await administrator.execute(`SELECT pg_terminate_backend(pid) ${writers}`);

    expect(await uploading).toMatchObject({
      status: 503,
      body: { Details: 'The request may have taken effect: repeat it to find out', OrthancStatus: 36 },
    });
    await administrator.execute(`ALTER DATABASE ${elsewhere(server).database} ALLOW_CONNECTIONS true`);
    await blocker.execute('COMMIT');
    // it had not, but who could not know removed no file of it
    expect(await orphanBlobs(server)).toHaveLength(1);
    expect(await server.upload(file.bytes)).toMatchObject({ status: 200, body: { Status: 'Success' } });
    await expectExactly(server, [file]);
  });
});

/** Where the PostgreSQL of a server can be reached without its database. */
function elsewhere(server: ArchiveServer): { readonly href: string; readonly database: string } {
  const url = new URL(server.databaseUrl!);
  const database = url.pathname.slice(1);
  url.pathname = '/postgres';
  return { href: url.href, database };
}
