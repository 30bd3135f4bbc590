import { ArchiveServer } from '../support/archive-server.js';
import { query } from '../support/database.js';
import { runAnnal } from '../support/run-annal.js';
import { sampleFiles } from '../support/sample-study.js';

describe('annal rebuild --until', () => {
  let server: ArchiveServer;
  const files = sampleFiles('U', { patients: 2, studies: 1, series: 1, instances: 3 });
  beforeAll(async () => {
    server = await ArchiveServer.start({ embedded: true, configuration: { StableAge: 3600 } });
    for (const { bytes } of files) expect((await server.upload(bytes)).status).toBe(200);
  });
  afterAll(() => server.close());

  const rebuild = (until: string, schema: string): ReturnType<typeof runAnnal> =>
    runAnnal('rebuild', '--until', until, '--schema', schema, server.configurationFile);
  const instances = async (schema: string): Promise<string[]> =>
    (await query<{ id: string }>(server, `SELECT id FROM ${schema}.instances ORDER BY key`)).map(({ id }) => id);

  it('shows what was there before a deletion, beside the server, which goes on as it is', async () => {
    const { Events } = await server.json<{ Events: { Offset: number; Time: string }[] }>('/events');
    const before = Events.at(-1)!;
    expect((await server.fetch(`/patients/${files[0]!.ids.patient}`, { method: 'DELETE' })).status).toBe(200);
    const live = await server.json('/instances');

    const byPosition = await rebuild(String(before.Offset), 'by_position');
    expect(byPosition.stdout).toMatch(
      new RegExp(
        `^The schema by_position shows the index as it was at position ${before.Offset} \\(${before.Time}\\), from `,
      ),
    );
    expect((await rebuild(before.Time, 'by_time')).code).toBe(0);
    const all = files.map(({ ids }) => ids.instance);
    expect(await instances('by_position')).toEqual(all);
    expect(await instances('by_time')).toEqual(all);
    expect(await server.json('/instances')).toEqual(live);
    expect((await rebuild('2', 'by_position')).code).toBe(0);
    expect(await instances('by_position')).toEqual(all.slice(0, 2));
    expect((await runAnnal('rebuild', server.configurationFile)).code).toBe(0);
    expect(await server.json('/instances')).toEqual(live);
  });

  it.each([
    ['1', 'annal_index', 'The schema annal_index is not free'],
    ['999', 'before', 'There is no position 999 yet'],
    ['2001-01-01', 'before', 'The log begins later than that'],
    ['1', 'No', '"No" is no name for a schema'],
  ])('of %s in %s says why not', async (until, schema, reason) => {
    const { code, stderr } = await rebuild(until, schema);
    expect(code).toBe(1);
    expect(stderr).toContain(`annal: ${reason}`);
  });
});
