import { ArchiveServer } from '../support/archive-server.js';
import { uploadAll } from '../support/clients.js';
import { query } from '../support/database.js';
import { deleteTopicsOf, uniqueName } from '../support/kafka/client.js';
import { describeWithKafka } from '../support/kafka/describe-with-kafka.js';
import { createEventsTopic } from '../support/kafka/events-topic.js';
import { until } from '../support/processes.js';
import { sampleFile, sampleFiles } from '../support/sample-study.js';

describeWithKafka('A server whose log does not go on where its read models end', (kafka) => {
  let server: ArchiveServer;
  let topic: string;
  beforeEach(() => {
    topic = uniqueName('events');
  });
  afterEach(async () => {
    await server.close();
    await deleteTopicsOf(kafka, topic);
  });

  const start = async (Workers: number): Promise<void> => {
    const Annal = { Workers, EventLog: { Topic: topic }, Limits: { WriterTimeout: 2, VisibilityTimeout: 2 } };
    server = await ArchiveServer.start({ configuration: { Annal } });
    await uploadAll(server, sampleFiles('S', { patients: 1, studies: 1, series: 1, instances: 5 }), 1);
  };
  const expectNothingTaken = async (): Promise<void> => {
    for (const instance of [1, 2]) {
      const { bytes } = sampleFile({ patient: 'N', study: 1, series: 1, instance });
      expect((await server.upload(bytes)).status).toBe(503);
    }
    await server.logged(/The event log is not being folded: .*log/);
    expect(await server.json('/statistics')).toMatchObject({ CountInstances: 5 });
  };

  it.each([1, 2])('as the topic was made anew meanwhile, takes nothing, with %i worker processes', async (Workers) => {
    await start(Workers);
    await deleteTopicsOf(kafka, topic);
    await until(() =>
      createEventsTopic(kafka, topic).then(
        () => true,
        () => false,
      ),
    );
    await expectNothingTaken();
  });

  it('as the log lost its end, takes nothing', async () => {
    await start(1);
    await server.end();
    await query(server, 'UPDATE folded_position SET "offset" = "offset" + 10');
    await server.run();
    await expectNothingTaken();
  });
});
