/** `npm run bench:logs -- --kafka HOST:PORT`: measures the two event logs side by side, in one table. */
import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { backlog } from './logs/backlog.js';
import { burst } from './logs/burst.js';
import { latencies } from './logs/latencies.js';
import { rebuilds } from './logs/rebuilds.js';
import { type LogServers, table } from './logs/table.js';
import { LoadClient } from './load/load-client.js';
import { describeMachine, LoadWatch } from './report/machine.js';
import { AnnalServer } from './servers/annal-server.js';

const { values } = parseArgs({ options: { kafka: { type: 'string' }, quick: { type: 'boolean', default: false } } });
if (values.kafka === undefined) throw new Error('Say where Kafka is: --kafka HOST:PORT');
await run(values.kafka.split(','), values.quick ? 0.2 : 1);

/** @param factor how much is done, by a full run */
async function run(brokers: readonly string[], factor: number): Promise<void> {
  const load = new LoadWatch();
  const client = new LoadClient();
  const Topic = `bench-${randomUUID()}`;
  const ChangesTopic = `${Topic}.changes`;
  const EventLog = { Kind: 'kafka', Brokers: brokers, DevelopmentBroker: true, Topic, ChangesTopic };
  const servers: LogServers = {
    postgres: await AnnalServer.start(),
    kafka: await AnnalServer.start(undefined, { Annal: { EventLog } }),
    client,
    factor,
    say: (text) => console.error(`… ${text}`),
  };
  try {
    const rows = [
      ...(await latencies(servers)),
      ...(await burst(servers)),
      ...(await rebuilds(servers)),
      await backlog(servers, EventLog),
    ];
    console.log(table(rows));
    console.log(`\n${describeMachine()}; load average ${load.range()}`);
  } finally {
    client.close();
    await Promise.all([servers.postgres.close(), servers.kafka.close()]);
  }
}
