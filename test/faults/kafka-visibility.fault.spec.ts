import { Session } from '@annal/platform';
import { expectExactly } from '../support/archive-checks.js';
import { ArchiveServer } from '../support/archive-server.js';
import { uploadAll } from '../support/clients.js';
import { describeWithKafka } from '../support/kafka/describe-with-kafka.js';
import { until } from '../support/processes.js';
import { sampleFile } from '../support/sample-study.js';

const of = (patient: string, instance: number) => sampleFile({ patient, study: 1, series: 1, instance });

describeWithKafka('While the fold is held up', () => {
  let server: ArchiveServer;
  let blocker: Session;
  const start = async (configuration: { Annal?: object }): Promise<void> => {
    const Annal = { Workers: 1, ...configuration.Annal, Limits: { VisibilityTimeout: 1, RecyclingTimeout: 3 } };
    server = await ArchiveServer.start({ configuration: { ...configuration, Annal } });
    blocker = new Session({ connectionString: server.databaseUrl }, 'blocker');
  };
  const hold = () => blocker.execute('BEGIN; SELECT 1 FROM folded_position FOR UPDATE');
  const release = () => blocker.execute('COMMIT');
  afterEach(async () => {
    await blocker.reset();
    await server.close();
  });

  it.each([1, 2])(
    'an upload is answered that it is durable and not yet visible, and is there later, with %i worker processes',
    async (Workers) => {
      await start({ Annal: { Workers } });
      const [before, held] = [of('V', 1), of('V', 2)];
      await uploadAll(server, [before], 1);
      await hold();
      expect(await server.upload(held.bytes)).toMatchObject({
        status: 202,
        body: { ID: held.ids.instance, Status: 'NotYetVisible' },
      });
      expect((await server.fetch(`/instances/${held.ids.instance}`)).status).toBe(404);
      await release();
      await until(async () => (await server.fetch(`/instances/${held.ids.instance}`)).ok);
      expect(await server.upload(held.bytes)).toMatchObject({ status: 200, body: { Status: 'AlreadyStored' } });
      await expectExactly(server, [before, held]);
    },
  );

  it('an upload that was repeated counts once', async () => {
    await start({});
    const file = of('R', 1);
    await hold();
    expect((await server.upload(file.bytes)).status).toBe(202);
    expect((await server.upload(file.bytes)).status).toBe(202);
    await release();
    await until(async () => (await server.fetch(`/instances/${file.ids.instance}`)).ok);
    await expectExactly(server, [file]);
  });

  it('a deletion is answered likewise, and what it deletes is gone later', async () => {
    await start({});
    const file = of('D', 1);
    await uploadAll(server, [file], 1);
    await hold();
    const answer = await server.fetch(`/instances/${file.ids.instance}`, { method: 'DELETE' });
    expect(answer.status).toBe(202);
    expect(await answer.json()).toMatchObject({ Details: 'The request is durable, but not visible yet' });
    await release();
    await until(async () => (await server.fetch(`/instances/${file.ids.instance}`)).status === 404);
    await expectExactly(server, []);
  });

  it('an upload for which a patient must be recycled is refused: it is not durable', async () => {
    await start({ MaximumPatientCount: 1 } as object);
    const [old, next] = [of('A', 1), of('B', 1)];
    await uploadAll(server, [old], 1);
    await hold();
    expect((await server.upload(next.bytes)).status).toBe(507);
    await release();
    await uploadAll(server, [next], 1);
    await expectExactly(server, [next]);
  });
});
