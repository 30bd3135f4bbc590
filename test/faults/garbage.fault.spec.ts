import { blobNames, expectExactly } from '../support/archive-checks.js';
import { ArchiveServer } from '../support/archive-server.js';
import { asClients, uploadAll } from '../support/clients.js';
import { query } from '../support/database.js';
import { until } from '../support/processes.js';
import { sampleFiles } from '../support/sample-study.js';

const POINTS = ['garbage:before-remove', 'garbage:after-remove'];

describe('killed while the files of deleted instances are removed', () => {
  const servers: ArchiveServer[] = [];
  afterAll(() => Promise.all(servers.map((server) => server.close())));

  // side by side, for each waits until the files may go
  it(`at ${POINTS.join(' and at ')}: in the end they are gone, and all others are there`, async () => {
    await Promise.all(
      POINTS.map(async (point) => {
        const server = await ArchiveServer.start({ environment: { ANNAL_CRASH_POINT: point } });
        servers.push(server);
        const doomed = sampleFiles('D', { patients: 1, studies: 2, series: 1, instances: 5 });
        const kept = sampleFiles('K', { patients: 1, studies: 2, series: 1, instances: 5 });
        await uploadAll(server, [...doomed, ...kept], 4);
        await asClients(2, [...new Set(doomed.map(({ ids }) => ids.study))], (id) =>
          server.fetch(`/studies/${id}`, { method: 'DELETE' }).then((response) => response.arrayBuffer()),
        );
        await server.ended();
        await server.run();
        await until(async () => {
          const [row] = await query<{ rows: number }>(server, 'SELECT count(*) AS rows FROM blob_garbage');
          return row!.rows === 0;
        }, 60_000);
        expect(await blobNames(server)).toHaveLength(kept.length);
        await expectExactly(server, kept);
      }),
    );
  });
});
