import { CRASH_POINTS } from '@annal/platform';
import fc from 'fast-check';
import { expectConsistent, expectExactly } from '../support/archive-checks.js';
import { ArchiveServer } from '../support/archive-server.js';
import { asClients, isAcknowledged, tryUploads, uploadAll } from '../support/clients.js';
import { sampleFiles } from '../support/sample-study.js';

const ROUNDS = 12;

/** One life of the server: which step kills it, and at which passage. */
const life = fc.record({
  point: fc.constantFrom(...CRASH_POINTS.filter((name) => !name.startsWith('garbage:'))),
  passage: fc.integer({ min: 2, max: 25 }),
});

describe('killed again and again at random steps', () => {
  let server: ArchiveServer;
  afterEach(() => server.close());

  it.each([false, true])(
    'loses nothing that was acknowledged (embedded PostgreSQL: %s)',
    async (embedded) => {
      const lives = fc.sample(life, ROUNDS);
      server = await ArchiveServer.start({ embedded, configuration: { StableAge: 1 } });
      const files = sampleFiles('Q', { patients: 4, studies: 3, series: 2, instances: 6 });
      const studies = [...new Set(files.map(({ ids }) => ids.study))];
      for (const [round, { point, passage }] of lives.entries()) {
        await server.end(round % 3 === 0 ? 'SIGTERM' : 'SIGKILL');
        await server.run({ ANNAL_CRASH_POINT: `${point}:${passage}` });
        const removing = asClients(1, studies.slice(0, round), (id) =>
          server.fetch(`/studies/${id}`, { method: 'DELETE' }).then(
            (response) => response.arrayBuffer(),
            () => undefined,
          ),
        );
        const attempts = await tryUploads(server, files, 6);
        await removing;
        await server.end('SIGKILL');
        await server.run();
        const kept = new Set(await expectConsistent(server, files));
        const untouched = new Set(studies.slice(round));
        const lost = attempts.filter(
          (attempt) => isAcknowledged(attempt) && untouched.has(attempt.file.ids.study) && !kept.has(attempt.file),
        );
        expect({ point, passage, lost }).toEqual({ point, passage, lost: [] });
      }
      await uploadAll(server, files, 6);
      await expectExactly(server, files);
      await server.close();
    },
    600_000,
  );
});
