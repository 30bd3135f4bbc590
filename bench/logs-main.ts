/** `npm run bench:logs -- --kafka HOST:PORT`: measures the two event logs side by side, in one table; --write keeps it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
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

const flag = { type: 'boolean', default: false } as const;
const { values } = parseArgs({ options: { kafka: { type: 'string' }, quick: flag, write: flag } });
const PAGE = join(import.meta.dirname, '../docs/benchmarks-logs.md');
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
    const measured = `${describeMachine()}; load average ${load.range()}`;
    console.log(`${table(rows)}\n\n${measured}`);
    if (values.write) writeFileSync(PAGE, page(table(rows), measured, factor));
  } finally {
    client.close();
    await Promise.all([servers.postgres.close(), servers.kafka.close()]);
  }
}

function page(rows: string, measured: string, factor: number): string {
  return `# Benchmarks of the event logs

<!-- Made by "npm run bench:logs -- --write". Do not edit. -->

The same server with its log in PostgreSQL and in Kafka, ${factor === 1 ? 'a full run' : `a run of ${factor * 100} % of its length`} on one machine, which the
servers, their databases, the broker and the load client shared: ${measured}.
Small files of 20 KB, flushed to disk before they are answered; what is measured in both, in turn. Ratios hold on other
machines, the rest does not. [bench/README.md](../bench/README.md) tells how to repeat this.

${rows}
`;
}
