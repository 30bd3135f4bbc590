import { expectConsistent, expectExactly } from '../support/archive-checks.js';
import { ArchiveServer } from '../support/archive-server.js';
import { isAcknowledged, someStored, tryUploads, uploadAll } from '../support/clients.js';
import type { KafkaBroker } from '../support/kafka/broker.js';
import { describeWithOwnBroker } from '../support/kafka/describe-with-own-broker.js';
import { isRunning } from '../support/processes.js';
import { sampleFile, sampleFiles } from '../support/sample-study.js';

const CLIENTS = 6;

describeWithOwnBroker('When the only broker goes away while files are uploaded', (startBroker) => {
  let broker: KafkaBroker;
  let server: ArchiveServer;
  const files = sampleFiles('B', { patients: 2, studies: 2, series: 2, instances: 12 });

  beforeAll(async () => {
    broker = await startBroker();
  });
  afterEach(async () => {
    await server.close();
    // where a test failed in between
    if (!isRunning(broker.pid)) await broker.restart();
  });
  afterAll(() => broker.remove());

  const start = async (Workers: number, WriterTimeout: number): Promise<void> => {
    const Annal = { Workers, EventLog: { Brokers: broker.brokers }, Limits: { WriterTimeout } };
    server = await ArchiveServer.start({ configuration: { Annal } });
  };

  it.each([1, 2])('and comes back, uploads wait and all succeed, once, with %i worker processes', async (Workers) => {
    await start(Workers, 90);
    const uploading = tryUploads(server, files, CLIENTS);
    for (const stored of [10, 40]) {
      await someStored(server, stored);
      await broker.kill();
      await broker.restart();
    }
    expect((await uploading).every(isAcknowledged)).toBe(true);
    await expectExactly(server, files);
  });

  it('for longer than WriterTimeout, uploads get 503 and a time to come again, and reads go on', async () => {
    await start(1, 2);
    const [first, second] = files.slice(0, 2);
    await uploadAll(server, [first!], 1);
    await broker.kill();
    const refused = await server.fetch('/instances', { method: 'POST', body: new Uint8Array(second!.bytes) });
    expect(refused.status).toBe(503);
    expect(refused.headers.get('Retry-After')).toMatch(/^\d+$/);
    expect(await refused.text()).toMatch(/Nothing was changed|may have taken effect/);
    expect(await server.json('/instances')).toEqual([first!.ids.instance]);
    expect((await server.fetch('/health/ready')).status).toBe(503);
    await broker.restart();
    await uploadAll(server, files, CLIENTS);
    await expectExactly(server, files);
  });

  it('under load for longer than WriterTimeout, nothing that was acknowledged is lost, and repeats succeed', async () => {
    await start(2, 1);
    const some = files.slice(0, 80);
    const [before, underWay, after] = [some.slice(0, 20), some.slice(20, 70), some.slice(70)];
    await uploadAll(server, before, CLIENTS);
    const uploading = tryUploads(server, underWay, CLIENTS);
    // so that it goes in the midst of them, unless they are done before or none is taken in time
    await Promise.race([someStored(server, before.length + 5), uploading]);
    await broker.kill();
    const refused = await tryUploads(server, after, CLIENTS);
    expect(new Set(refused.map(({ answer }) => answer?.status))).toEqual(new Set([503]));
    const attempts = await uploading;
    // 202: in the log, but the broker went before the fold had read it
    expect([200, 202, 503]).toEqual(expect.arrayContaining(attempts.map(({ answer }) => answer?.status)));
    await broker.restart();
    const kept = new Set(await expectConsistent(server, some));
    expect(attempts.filter(isAcknowledged).filter(({ file }) => !kept.has(file))).toEqual([]);
    await uploadAll(server, some, CLIENTS);
    await expectExactly(server, some);
  });

  it('without a word, as when it hangs, an upload may have taken effect, and a repeat tells', async () => {
    await start(1, 1);
    const file = sampleFile({ patient: 'H', study: 1, series: 1, instance: 1 });
    await uploadAll(server, files.slice(0, 1), 1);
    broker.freeze();
    const answer = await server.upload(file.bytes).finally(() => broker.thaw());
    expect(answer).toMatchObject({
      status: 503,
      body: { Details: 'The request may have taken effect: repeat it to find out' },
    });
    await uploadAll(server, [file], 1);
    await expectExactly(server, [files[0]!, file]);
  });
});
