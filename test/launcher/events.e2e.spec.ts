import { ArchiveServer } from '../support/archive-server.js';
import { runAnnal } from '../support/run-annal.js';
import { sampleFile } from '../support/sample-study.js';

describe('annal events, with the embedded database', () => {
  let server: ArchiveServer;
  const file = sampleFile({ patient: 'SECRET', study: 1, series: 1, instance: 1 });
  const events = (...args: string[]): ReturnType<typeof runAnnal> =>
    runAnnal('events', ...args, server.configurationFile);

  beforeAll(async () => {
    server = await ArchiveServer.start({ embedded: true, configuration: { StableAge: 3600 } });
    expect((await server.upload(file.bytes)).status).toBe(200);
  });
  afterAll(() => server.close());

  it('shows that nothing is parked, beside the server and without it', async () => {
    const nothing = {
      code: 0,
      stdout: 'No event is parked. The read models are folded up to offset 1, the log ends at 1.\n',
      stderr: '',
    };
    expect(await events('show')).toMatchObject({ code: 0, stdout: nothing.stdout });
    await server.end();
    expect(await events('show')).toMatchObject({ code: 0, stdout: nothing.stdout });
    await server.run();
  });

  it('shows the envelope of an event, and no value of a tag', async () => {
    const { code, stdout } = await events('show', '1');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      Offset: 1,
      Type: 'annal.instance.stored.v1',
      Subject: `instances/${file.ids.instance}`,
      Actor: { protocol: 'http' },
      Data: { ids: { instance: file.ids.instance } },
      Folded: true,
    });
    expect(stdout).not.toContain('SECRET');
    expect(stdout).not.toContain('sealed');
  });

  it('has nothing to try again', async () => {
    expect(await events('retry')).toMatchObject({
      code: 0,
      stdout: 'No event is parked: there is nothing to try again.\n',
    });
  });

  it.each([
    ['1', 'The event at offset 1 is folded already.'],
    ['77', 'There is no event at offset 77: the log ends at 1'],
  ])('does not skip offset %s, by no force', async (offset, reason) => {
    for (const force of [[], ['--force']]) {
      const { code, stdout, stderr } = await events('skip', offset, '--reason', 'test', ...force);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain(`annal: ${reason}`);
    }
    expect((await server.fetch(`/instances/${file.ids.instance}`)).status).toBe(200);
  });

  it('says how it is used', async () => {
    expect(await runAnnal('events', 'skip', '1', server.configurationFile)).toMatchObject({
      code: 1,
      stderr: 'annal: "events skip" needs a reason: --reason TEXT. See annal --help\n',
    });
    expect((await runAnnal('events', '--help')).stdout).toContain('annal events skip OFFSET --reason TEXT');
  });
});
