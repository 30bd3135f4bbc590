import type { ChildProcess } from 'node:child_process';
import { spawnAnnal, untilAlive } from './annal-process.js';
import { environmentOf } from './environment.js';
import { launchKafka } from './kafka.js';
import { withLogFile } from './log-file.js';
import type { Places } from './places.js';
import { ClusterPostgres } from './postgres.js';
import { type Running, runningProgram } from './running.js';
import { BUCKET, ensureBucket, launchS3, s3Access } from './s3.js';
import { Supervised } from './supervised.js';
import { startWatchdog } from './watchdog.js';

const APIS = ['api-1', 'api-2'] as const;
const PROJECTORS = ['projector-1', 'projector-2'] as const;

/** The cluster of deploy/compose.yaml: one of everything else, two servers and two projectors. */
export class Cluster {
  readonly postgres: ClusterPostgres;
  private readonly places: Places;
  private readonly gateway: string | undefined;
  private watchdog: ChildProcess | undefined;
  /** In the order in which they are started; each step may need those before it. */
  private readonly steps: readonly (readonly Supervised[])[];

  /** @param gateway versitygw; undefined: files lie in a folder */
  constructor(places: Places, gateway: string | undefined) {
    this.places = places;
    this.gateway = gateway;
    this.postgres = new ClusterPostgres(places);
    this.steps = [
      // first, as it refuses a folder that another cluster uses
      [new Supervised('postgres', () => this.postgres.launch())],
      [
        new Supervised('kafka', () => launchKafka(places)),
        ...(gateway === undefined ? [] : [new Supervised('s3', () => launchS3(places, gateway))]),
      ],
      PROJECTORS.map((name) => new Supervised(name, async () => this.launchAnnal(name, 'projector'))),
      APIS.map((name) => new Supervised(name, async () => this.launchAnnal(name, 'api'))),
    ];
  }

  /** Starts everything; resolves when all of it serves. @throws Error naming what does not start */
  async start(): Promise<void> {
    const [database, services, ...processes] = this.steps;
    await startAll(database!);
    this.watchdog = startWatchdog(this.places.pids);
    await startAll(services!);
    if (this.gateway !== undefined) await ensureBucket(s3Access(this.places));
    await startAll(processes.flat());
  }

  /** Stops everything that was started: first the servers, which still need the rest, and last the database. */
  async stop(): Promise<void> {
    for (const step of this.steps.toReversed()) await Promise.all(step.map((part) => part.stop()));
    this.watchdog?.stdin!.end();
  }

  private launchAnnal(name: (typeof APIS | typeof PROJECTORS)[number], role: 'api' | 'projector'): Running {
    const { directory, logs, pids, ports } = this.places;
    const environment = {
      ...environmentOf({
        databaseUrl: this.postgres.url,
        broker: `127.0.0.1:${ports.kafka}`,
        s3: this.gateway === undefined ? undefined : { ...s3Access(this.places), bucket: BUCKET },
      }),
      ANNAL_ROLE: role,
      ANNAL_HTTP_PORT: String(ports[name]),
      ANNAL_DATA: directory,
      // the password is known to everybody
      ANNAL_REMOTE_ACCESS: 'false',
    };
    const child = withLogFile(logs, name, (log) => spawnAnnal(environment, ['ignore', log, log]));
    return runningProgram(name, child, untilAlive(child, ports[name]), pids);
  }
}

async function startAll(parts: readonly Supervised[]): Promise<void> {
  await Promise.all(
    parts.map((part) =>
      part.start().catch((error: Error) => {
        throw new Error(`${part.name} does not start: ${error.message}`);
      }),
    ),
  );
}
