import pg from 'pg';
import { caughtUp, expectExactly } from '../support/archive-checks.js';
import { ArchiveServer } from '../support/archive-server.js';
import { uploadAll } from '../support/clients.js';
import { tellingFile } from '../support/erasure.js';
import { until } from '../support/processes.js';
import { runAnnal } from '../support/run-annal.js';

describe('a database that is put back beside a topic that went on', () => {
  let server: ArchiveServer;
  let name: string;
  let copy: string;
  const [before, after, gone] = [tellingFile('P', 'A', 1), tellingFile('Q', 'B', 1), tellingFile('R', 'C', 1)];

  const onServer = async (...statements: readonly string[]): Promise<void> => {
    const url = new URL(server.databaseUrl!);
    url.pathname = '/postgres';
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    try {
      for (const statement of statements) await client.query(statement);
    } finally {
      await client.end();
    }
  };
  const metadataOf = ({ ids }: typeof before): string => `/studies/${ids.study}/metadata/1024`;
  const note = async (file: typeof before, value: string): Promise<void> => {
    const response = await server.fetch(metadataOf(file), { method: 'PUT', body: value });
    expect([response.status, await response.text()]).toEqual([200, '']);
  };
  const noted = async (file: typeof before): Promise<string> => (await server.fetch(metadataOf(file))).text();

  beforeEach(async () => {
    server = await ArchiveServer.start({ configuration: { StableAge: 3600 } });
    name = new URL(server.databaseUrl!).pathname.slice(1);
    copy = `${name}_copy`;
    await uploadAll(server, [before], 1);
    await server.end();
    await onServer(`CREATE DATABASE ${copy} TEMPLATE ${name}`);
    await server.run();
    await uploadAll(server, [after, gone], 1);
    await note(before, 'OF A KNOWN STUDY');
    await note(after, 'OF A NEW STUDY');
    await (await server.fetch(`/patients/${gone.ids.patient}`, { method: 'DELETE' })).arrayBuffer();
    await server.end();
  });
  afterEach(async () => {
    await onServer(`DROP DATABASE IF EXISTS ${copy} WITH (FORCE)`);
    await server.close();
  });

  /** All that came in is there, with its tags, and the relay goes on. */
  const expectWhole = async (): Promise<void> => {
    await server.run();
    await caughtUp(server);
    await expectExactly(server, [before, after]);
    expect(await server.json(`/patients/${after.ids.patient}`)).toMatchObject({ MainDicomTags: { PatientID: 'ID-Q' } });
    const publishing = async (): Promise<boolean> =>
      (await server.json<{ Changes?: { State: string } }>('/health/ready')).Changes?.State === 'publishing';
    await until(publishing);
    expect(await runAnnal('rebuild', server.configurationFile)).toMatchObject({ code: 0 });
  };

  it('is an older copy: what came since is folded again, with tags from the files, but for metadata of new studies', async () => {
    await onServer(`DROP DATABASE ${name} WITH (FORCE)`, `CREATE DATABASE ${name} TEMPLATE ${copy}`);
    await expectWhole();
    expect([await noted(before), await noted(after)]).toEqual(['OF A KNOWN STUDY', '']);
  });

  it('is an empty one: everything is folded again, with tags from the files, and all metadata are lost', async () => {
    await onServer(`DROP DATABASE ${name} WITH (FORCE)`, `CREATE DATABASE ${name}`);
    await expectWhole();
    expect([await noted(before), await noted(after)]).toEqual(['', '']);
  });
});
