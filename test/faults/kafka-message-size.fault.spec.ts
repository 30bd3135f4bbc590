import { randomBytes } from 'node:crypto';
import { buildInstance } from '../../libs/dicom/src/testing/instance-builder.js';
import { expectExactly, orphanBlobs } from '../support/archive-checks.js';
import { ArchiveServer } from '../support/archive-server.js';
import { asClients } from '../support/clients.js';
import { deleteTopicsOf, uniqueName } from '../support/kafka/client.js';
import { describeWithKafka } from '../support/kafka/describe-with-kafka.js';
import { createEventsTopic } from '../support/kafka/events-topic.js';
import { sampleFiles } from '../support/sample-study.js';

describeWithKafka('A topic whose messages must be smaller than an event is', (kafka) => {
  let server: ArchiveServer;
  let topic: string;
  beforeEach(async () => {
    topic = uniqueName('events');
    await createEventsTopic(kafka, topic, { 'max.message.bytes': '20000' });
  });
  afterEach(async () => {
    await server.close();
    await deleteTopicsOf(kafka, topic);
  });

  const post = async (file: Buffer): Promise<{ status: number; text: string }> => {
    const response = await server.fetch('/instances', { method: 'POST', body: new Uint8Array(file) });
    return { status: response.status, text: await response.text() };
  };

  it.each([1, 2])('fails that upload alone, with a clear error, with %i worker processes', async (Workers) => {
    server = await ArchiveServer.start({ configuration: { Annal: { Workers, EventLog: { Topic: topic } } } });
    const neighbours = sampleFiles('N', { patients: 2, studies: 1, series: 2, instances: 10 });
    const large = buildInstance({ patientId: 'L', extra: [[0x0040a160, 'UT', randomBytes(30_000).toString('hex')]] });
    const uploads = neighbours.flatMap(({ bytes }, index) => (index % 10 === 5 ? [large, bytes] : [bytes]));
    const answers = await asClients(12, uploads, async (bytes) => ({ large: bytes === large, ...(await post(bytes)) }));
    for (const answer of answers.filter((each) => each.large)) {
      expect(answer).toMatchObject({
        status: 413,
        text: expect.stringContaining(
          'Nothing was changed: the event log takes nothing of this size at once',
        ) as string,
      });
    }
    expect(answers.filter((each) => !each.large).map(({ status }) => status)).toEqual(neighbours.map(() => 200));
    await expectExactly(server, neighbours);
    expect(await orphanBlobs(server)).toEqual([]);
  });

  it('refuses an order of a job that is larger, and goes on', async () => {
    server = await ArchiveServer.start({ configuration: { Annal: { EventLog: { Topic: topic } } } });
    const order = async (UserData: string): Promise<number> => {
      const body = JSON.stringify({ Resources: [], Asynchronous: true, UserData });
      return (await server.fetch('/tools/create-archive', { method: 'POST', body })).status;
    };
    expect(await order(randomBytes(60_000).toString('hex'))).toBe(413);
    expect(await order(randomBytes(20_000).toString('hex'))).toBe(413);
    expect(await order('x'.repeat(200_000))).toBe(200);
  });
});
