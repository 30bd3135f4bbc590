import { type LoadClient } from '../load/load-client.js';
import { type Work, type WorkResult } from '../load/work.js';
import { type AnnalServer } from '../servers/annal-server.js';
import { type MemoryWatch } from '../servers/memory.js';
import { processorTime } from '../servers/processes.js';
import { type Server } from '../servers/server.js';
import { type Comparison, type Goal, type Measurement, type Side } from './measurement.js';
import { median, quantile } from './statistics.js';

/** A case that both servers do. */
export interface Case {
  readonly group: string;
  readonly name: string;
  readonly connections: number;
  /** What the rate counts; default: what the work counts (requests, rows). */
  readonly unit: string;
  readonly goal?: Goal;
  /** Done before each server's turn, and not measured. */
  readonly prepare?: () => Promise<void>;
  /** The work of a round; round 0 warms up and does not count. The same work on both servers. */
  readonly work: (round: number) => Work;
  /** How many units the work of a round is, where the work itself does not count them. */
  readonly units?: (round: number) => number;
}

/** Runs cases and collects what was measured. */
export class Bench {
  readonly measurements: Measurement[] = [];
  readonly annal: AnnalServer;
  readonly orthanc: Server | undefined;
  private readonly client: LoadClient;
  private readonly memory: MemoryWatch;
  private readonly rounds: number;
  private readonly say: (text: string) => void;

  constructor(
    annal: AnnalServer,
    orthanc: Server | undefined,
    client: LoadClient,
    memory: MemoryWatch,
    options: { readonly rounds: number; readonly say: (text: string) => void },
  ) {
    this.annal = annal;
    this.orthanc = orthanc;
    this.client = client;
    this.memory = memory;
    this.rounds = options.rounds;
    this.say = options.say;
  }

  /** Both servers, or Annal alone. */
  get servers(): readonly Server[] {
    return this.orthanc ? [this.annal, this.orthanc] : [this.annal];
  }

  /** Has one server do some work. */
  run(server: Server, connections: number, work: Work): Promise<WorkResult> {
    return this.client.run({ url: server.url, connections, work });
  }

  /** Both servers in turn, round by round, so that whatever else the machine does hits both. */
  async compare(test: Case): Promise<void> {
    this.say(`${test.group}: ${test.name}`);
    const results = new Map(this.servers.map((server) => [server.name, [] as Round[]]));
    for (let round = 0; round <= this.rounds; round += 1) {
      const work = test.work(round);
      const order = round % 2 === 0 ? this.servers : this.servers.toReversed();
      for (const server of order) {
        await test.prepare?.();
        const before = processorTimeOf(server);
        const result = await this.run(server, test.connections, work);
        const after = processorTimeOf(server);
        const units = test.units?.(round) ?? result.units;
        if (round > 0) {
          const cpu = before === undefined || after === undefined ? undefined : ((after - before) / units) * 1000;
          results.get(server.name)!.push({ rate: units / result.seconds, latencies: result.latencies, cpu });
        }
      }
    }
    this.note(comparisonOf(test, results.get('Annal')!, results.get('Orthanc')));
  }

  /** Keeps a measurement for the report. */
  note(measurement: Measurement): void {
    this.measurements.push(measurement);
  }

  /** Notes the most memory that Annal's processes had resident since this was last asked. */
  noteMemory(when: string): void {
    for (const [role, value] of this.memory.take()) {
      const goal: Goal = { kind: 'at most', value: 400 };
      this.note({ group: 'resident memory', name: `${role} process, ${when}`, value, unit: 'MB', goal });
    }
  }

  /** Says what is under way. */
  report(text: string): void {
    this.say(text);
  }
}

interface Round {
  readonly rate: number;
  readonly latencies: Float64Array;
  readonly cpu: number | undefined;
}

function processorTimeOf({ pid }: Server): number | undefined {
  return pid === undefined ? undefined : processorTime(pid);
}

function comparisonOf(
  { group, name, unit, goal }: Case,
  annal: readonly Round[],
  orthanc: readonly Round[] | undefined,
): Comparison {
  if (!orthanc) return { group, name, unit, goal, annal: sideOf(annal) };
  const ratio = median(annal.map(({ rate }, round) => rate / orthanc[round]!.rate));
  return { group, name, unit, goal, annal: sideOf(annal), orthanc: sideOf(orthanc), ratio };
}

function sideOf(rounds: readonly Round[]): Side {
  const latencies = rounds.flatMap((round) => Array.from(round.latencies));
  const cpu = rounds.flatMap((round) => round.cpu ?? []);
  return {
    rate: median(rounds.map(({ rate }) => rate)),
    p50: median(latencies),
    p99: quantile(latencies, 0.99),
    // ticks are coarse: the mean of all rounds, which have the same work
    cpu: cpu.length > 0 ? cpu.reduce((sum, value) => sum + value, 0) / cpu.length : undefined,
  };
}
