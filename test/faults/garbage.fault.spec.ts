import { blobNames, expectExactly } from '../support/archive-checks.js';
import { ArchiveServer } from '../support/archive-server.js';
import { asClients, uploadAll } from '../support/clients.js';
import { query } from '../support/database.js';
import { until } from '../support/processes.js';
import { sampleFiles } from '../support/sample-study.js';

describe('killed while the files of deleted instances are removed', () => {
  let server: ArchiveServer;
  afterEach(() => server.close());

  it.each(['garbage:before-remove', 'garbage:after-remove'])(
    'at %s: in the end their files are gone, and all others are there',
    async (point) => {
      server = await ArchiveServer.start({ environment: { ANNAL_CRASH_POINT: point } });
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
      }, 50_000);
      expect(await blobNames(server)).toHaveLength(kept.length);
      await expectExactly(server, kept);
    },
  );
});
