import { expectExactly, orphanBlobs } from '../support/archive-checks.js';
import { ArchiveServer } from '../support/archive-server.js';
import { asClients, isAcknowledged, someStored, tryUploads } from '../support/clients.js';
import type { KafkaBroker } from '../support/kafka/broker.js';
import { describeWithOwnBroker } from '../support/kafka/describe-with-own-broker.js';
import { uniqueName } from '../support/kafka/client.js';
import { readTopic } from '../support/kafka/records.js';
import { RequestFilter } from '../support/kafka/request-filter.js';
import { sampleFile, type SampleFile, sampleFiles } from '../support/sample-study.js';
import { TcpProxy } from '../support/tcp-proxy.js';

describeWithOwnBroker('When the answers to what is appended get lost on the way', (startBroker) => {
  let proxy: TcpProxy;
  let filter: RequestFilter;
  let broker: KafkaBroker;
  let server: ArchiveServer;
  let topic: string;

  beforeAll(async () => {
    filter = new RequestFilter();
    proxy = await TcpProxy.listen(filter.tap);
    broker = await startBroker({ proxied: proxy.address });
    proxy.forwardTo(broker.upstream);
  });
  afterEach(async () => {
    filter.loseNothing();
    await server.close();
  });
  afterAll(async () => {
    await broker.remove();
    await proxy.close();
  });

  const start = async (Workers: number, WriterTimeout: number): Promise<void> => {
    topic = uniqueName('events');
    const EventLog = { Brokers: [proxy.address], Topic: topic };
    server = await ArchiveServer.start({ configuration: { Annal: { Workers, EventLog, Limits: { WriterTimeout } } } });
  };
  /** Loses every answer to an append, and cuts the connection so that nobody waits for it, until something is done. */
  const loseAnswersUntil = async <T>(done: Promise<T>): Promise<T> => {
    let over = false;
    const result = done.finally(() => (over = true));
    while (!over) {
      await Promise.race([filter.loseAnswers('Produce'), result]);
      if (!over) proxy.cut();
    }
    filter.loseNothing();
    return result;
  };
  /** How often an instance was stored, as the log says. */
  const timesInLog = async ({ ids }: SampleFile): Promise<number> => {
    const events = await readTopic(broker, topic);
    return events.filter((text) => text.includes('"blob"') && text.includes(ids.instance)).length;
  };

  it.each([1, 2])(
    'until the writer gives up, an upload may have taken effect; the next works, and a repeat finds it there (%i workers)',
    async (Workers) => {
      await start(Workers, 2);
      const [lost, next] = [1, 2].map((instance) => sampleFile({ patient: 'L', study: 1, series: 1, instance }));
      expect(await loseAnswersUntil(server.upload(lost!.bytes))).toMatchObject({
        status: 503,
        body: { Details: 'The request may have taken effect: repeat it to find out', OrthancStatus: 36 },
      });
      expect(await server.upload(next!.bytes)).toMatchObject({ status: 200, body: { Status: 'Success' } });
      expect(await server.upload(lost!.bytes)).toMatchObject({ status: 200, body: { Status: 'AlreadyStored' } });
      expect(await timesInLog(lost!)).toBeGreaterThan(1);
      await expectExactly(server, [lost!, next!]);
      expect(await orphanBlobs(server)).toEqual([]);
    },
  );

  it('again and again under load, every upload succeeds and counts once', async () => {
    await start(2, 60);
    const files = sampleFiles('A', { patients: 2, studies: 2, series: 2, instances: 8 });
    const uploading = tryUploads(server, files, 6);
    for (const stored of [5, 20, 40]) {
      await someStored(server, stored);
      // the last uploads may have been written by now
      await Promise.race([filter.loseAnswers('Produce'), uploading]);
      filter.loseNothing();
      proxy.cut();
    }
    expect((await uploading).every(isAcknowledged)).toBe(true);
    const times = await asClients(1, files, timesInLog);
    expect(Math.max(...times)).toBeGreaterThan(1);
    await expectExactly(server, files);
  });
});
