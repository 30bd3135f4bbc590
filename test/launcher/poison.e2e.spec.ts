import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { KafkaPartition } from '../../libs/platform/src/kafka/kafka-partition.js';
import { deleteTopicsOf } from '../support/kafka/client.js';
import { describeWithKafka } from '../support/kafka/describe-with-kafka.js';
import { createEventsTopic } from '../support/kafka/events-topic.js';
import { type KafkaArchive, startKafkaArchive } from '../support/kafka/kafka-archive.js';
import { until } from '../support/processes.js';
import { runAnnal } from '../support/run-annal.js';
import { sampleFile } from '../support/sample-study.js';

const file = (instance: number): ReturnType<typeof sampleFile> =>
  sampleFile({ patient: 'P', study: 1, series: 1, instance });

describeWithKafka('An event in Kafka that cannot be folded', (kafka) => {
  let archive: KafkaArchive;
  let topic: KafkaPartition;
  let control: string;
  beforeAll(async () => {
    archive = await startKafkaArchive(kafka);
    const { Annal } = JSON.parse(await readFile(archive.server.configurationFile, 'utf8')) as {
      Annal: { EventLog: { Topic: string } };
    };
    const connection = { brokers: kafka.brokers, clientId: 'test', requestTimeout: 10_000 };
    topic = new KafkaPartition(connection, Annal.EventLog.Topic);
    control = `${Annal.EventLog.Topic}.control`;
  });
  afterAll(async () => {
    await topic.close();
    await archive.close();
  });

  const events = (...args: string[]): ReturnType<typeof runAnnal> =>
    runAnnal('events', ...args, archive.server.configurationFile);
  const parked = async (): Promise<string> => {
    let shown = '';
    await until(async () => !(shown = (await events('show')).stdout).startsWith('No event'));
    return shown;
  };

  it('is shown, tried again and skipped by an operator beside the running server', async () => {
    const { server } = archive;
    expect((await server.upload(file(1).bytes)).status).toBe(200);
    const offset = await topic.send(
      [{ key: null, value: Buffer.from('SECRET'), headers: { ce_type: 'a\u001b[2Jb' } }],
      10_000,
    );

    const shown = await parked();
    expect(shown).toMatch(
      new RegExp(
        `^The read models are folded up to offset ${offset - 1}, the log ends at ${offset}\\.\\nOFFSET +SINCE +TYPE +ERROR\\n`,
      ),
    );
    expect(shown).toMatch(new RegExp(`\\n${offset} +\\d{4}-.* The record has no ce_id: it is no event\\n$`));
    expect(shown).not.toContain('\u001b');
    const event = await events('show', String(offset));
    expect(JSON.parse(event.stdout)).toMatchObject({
      Offset: offset,
      Data: {},
      Unreadable: 'The record has no ce_id: it is no event',
      Parked: { Error: 'The record has no ce_id: it is no event' },
      Folded: false,
    });
    expect(event.stdout + shown + server.log).not.toContain('SECRET');

    expect(await events('retry')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('1 event is tried again') as string,
    });
    await parked();

    const reason = 'somebody tried kafka-console-producer';
    expect(await events('skip', String(offset), '--reason', reason)).toMatchObject({
      code: 0,
      stdout: `The event at offset ${offset} is skipped, for ever: ${reason}\n`,
    });
    await until(async () => (await events('show')).stdout.startsWith('No event is parked'));
    expect(JSON.parse((await events('show', String(offset))).stdout)).toMatchObject({
      Skipped: { Actor: { protocol: 'system', user: userInfo().username }, Reason: reason },
      Folded: true,
    });
    expect(await events('skip', String(offset), '--reason', 'again')).toMatchObject({
      code: 0,
      stdout: `The event at offset ${offset} is skipped already.\n`,
    });
    expect((await server.upload(file(2).bytes)).status).toBe(200);
    expect(await runAnnal('rebuild', server.configurationFile)).toMatchObject({ code: 0 });
    const { Events } = await server.json<{ Events: { Offset: number; Unreadable?: string }[] }>('/events');
    expect(Events.find(({ Unreadable }) => Unreadable !== undefined)?.Offset).toBe(offset);
  });

  it('is ruled out anew where the record of that is lost', async () => {
    const { server } = archive;
    await server.end();
    await deleteTopicsOf(kafka, control);
    await expect(server.run()).rejects.toThrow('restore it, as it has what operators ruled out');
    await createEventsTopic(kafka, control);
    const rebuilt = await runAnnal('rebuild', server.configurationFile);
    expect(rebuilt.code).toBe(1);
    const offset = /offset (\d+)/.exec(rebuilt.stderr)![1]!;
    expect((await events('skip', offset, '--reason', 'known', '--force')).code).toBe(0);
    expect(await runAnnal('rebuild', server.configurationFile)).toMatchObject({ code: 0 });
    await server.run();
  });

  it('is not ruled out while another one is folded, or the fold would be past it before it knows', async () => {
    const record = { key: null, value: Buffer.from('x'), headers: {} };
    const offset = await topic.send([record, record], 10_000);
    await parked();
    const { code, stderr } = await events('skip', String(offset + 1), '--reason', 'known', '--force');
    expect(code).toBe(1);
    expect(stderr).toContain(`The event log is being folded, and would be past offset ${offset + 1} before it knows`);
    for (const bad of [offset, offset + 1]) {
      await until(async () => (await parked()).includes(`\n${bad} `));
      expect((await events('skip', String(bad), '--reason', 'known')).code).toBe(0);
    }
    expect((await archive.server.upload(file(4).bytes)).status).toBe(200);
  });

  it('is ruled out by force before the fold comes to it', async () => {
    const { server } = archive;
    await server.end();
    const offset = await topic.send([{ key: null, value: Buffer.from('x'), headers: {} }], 10_000);
    const { code, stderr } = await events('skip', String(offset), '--reason', 'known');
    expect(code).toBe(1);
    expect(stderr).toContain(
      `The event at offset ${offset} does not stand in the fold's way. If it is meant all the same: --force`,
    );
    expect((await events('skip', String(offset), '--reason', 'known', '--force')).code).toBe(0);
    await server.run();
    expect((await server.upload(file(3).bytes)).status).toBe(200);
    expect((await events('show')).stdout).toMatch(/^No event is parked/);
  });

  it('is not skipped where a newer release can fold it', async () => {
    const { records } = await topic.fetch(1, 0, 1 << 20);
    const headers = Object.fromEntries(
      Object.entries(records[0]!.headers).map(([name, value]) => [name, String(value)]),
    );
    const newer = { ...headers, ce_type: 'annal.instance.stored.v7', annal_writer: randomUUID() };
    const offset = await topic.send([{ key: null, value: records[0]!.value!, headers: newer }], 10_000);
    expect(await parked()).toContain('This release cannot read events of type annal.instance.stored.v7');
    for (const force of [[], ['--force']]) {
      const { code, stderr } = await events('skip', String(offset), '--reason', 'no', ...force);
      expect(code).toBe(1);
      expect(stderr).toContain('which a newer release can fold');
    }
  });
});
