import { SCANNED } from '../archive/study.js';
import { median, quantile } from '../measure/statistics.js';
import { goal, type LogServers, type Row } from './table.js';

const PIXELS = 18_500;
const ROUNDS = 4;
const UPLOADS = new Map([
  [1, 500],
  [8, 3_000],
  [64, 6_000],
]);

interface Sample {
  readonly latencies: number[];
  readonly rates: number[];
}

/** Answer latency and rate of small uploads at 1, 8 and 64 connections; both servers in turn. */
export async function latencies({ postgres, kafka, client, factor, say }: LogServers): Promise<Row[]> {
  const rows: Row[] = [];
  let area = 20;
  for (const [connections, count] of UPLOADS) {
    say(`small uploads, ${connections} connections`);
    area += 1;
    const size = Math.ceil(count * factor);
    const samples = [postgres, kafka].map((): Sample => ({ latencies: [], rates: [] }));
    for (let round = 0; round <= ROUNDS; round++) {
      for (const [index, server] of [postgres, kafka].entries()) {
        const part = { skip: round * size, count: size };
        const work = { kind: 'uploads', area, shape: SCANNED, part, pixelBytes: PIXELS } as const;
        const result = await client.run({ url: server.url, connections, work });
        if (round === 0) continue;
        samples[index]!.latencies.push(...result.latencies);
        samples[index]!.rates.push(size / result.seconds);
      }
    }
    rows.push(...rowsOf(connections, samples[0]!, samples[1]!));
  }
  return rows;
}

function rowsOf(connections: number, postgres: Sample, kafka: Sample): Row[] {
  const name = `small uploads, ${connections} connection${connections === 1 ? '' : 's'}`;
  const eight = connections === 8;
  const [p50, otherP50] = [median(kafka.latencies), median(postgres.latencies)];
  const [rate, otherRate] = [median(kafka.rates), median(postgres.rates)];
  const show = ({ latencies: all }: Sample): string =>
    `${median(all).toFixed(1)} / ${quantile(all, 0.99).toFixed(1)} ms`;
  return [
    {
      name: `${name}: p50 / p99`,
      postgres: show(postgres),
      kafka: show(kafka),
      ...(eight && { goal: goal('p50 within 5 ms', p50 <= otherP50 + 5) }),
    },
    {
      name: `${name}: rate`,
      postgres: `${Math.round(otherRate)}/s`,
      kafka: `${Math.round(rate)}/s (${(rate / otherRate).toFixed(2)})`,
      ...(eight && { goal: goal('≥ 0.6', rate >= 0.6 * otherRate) }),
    },
  ];
}
