import { type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTestDatabase } from '../../libs/platform/src/postgres/testing/test-database.js';
import { spawnAnnal, untilAlive } from '../../scripts/cluster/annal-process.js';
import { environmentOf, USER } from '../../scripts/cluster/environment.js';
import { freePort } from './free-ports.js';
import { deleteTopics, uniqueName } from './kafka/client.js';
import type { TestKafka } from './kafka/test-kafka.js';
import { TestBucket } from './s3/test-bucket.js';
import type { TestS3 } from './s3/test-s3.js';

/** One process of a cluster, as one container of deploy/compose.yaml would be. */
export class ClusterProcess {
  private child: ChildProcess | undefined;
  private errors = '';

  constructor(
    private readonly environment: Readonly<Record<string, string>>,
    readonly port: number,
  ) {}

  /** Starts it; resolves when it says that it lives. */
  async start(): Promise<void> {
    this.errors = '';
    const child = spawnAnnal(this.environment, ['ignore', 'ignore', 'pipe']);
    this.child = child;
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.errors += text));
    await untilAlive(child, this.port).catch((error: Error) => {
      throw new Error(`A process of the cluster: ${error.message}: ${this.errors}`);
    });
  }

  /** Ends it by a signal; resolves when it is gone. */
  async end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }

  /** A request as the configured user. */
  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const authorization = `Basic ${Buffer.from(`${USER}:${USER}`).toString('base64')}`;
    return fetch(`http://127.0.0.1:${this.port}${path}`, { ...init, headers: { authorization } });
  }

  /** A GET whose answer is JSON. */
  async json<T>(path: string): Promise<T> {
    const response = await this.fetch(path);
    if (!response.ok) throw new Error(`${path} answers ${response.status}: ${await response.text()}`);
    return (await response.json()) as T;
  }

  /** Uploads a file; resolves with the status. */
  async upload(bytes: Buffer): Promise<number> {
    const response = await this.fetch('/instances', { method: 'POST', body: new Uint8Array(bytes) });
    await response.arrayBuffer();
    return response.status;
  }
}

/** The cluster of deploy/compose.yaml from processes of this machine: two servers, two projectors, one of everything else. */
export class Cluster {
  private constructor(
    readonly servers: readonly [ClusterProcess, ClusterProcess],
    readonly projectors: readonly [ClusterProcess, ClusterProcess],
    readonly changesTopic: string,
    private readonly clearAway: () => Promise<void>,
  ) {}

  /**
   * @param s3 undefined: files lie in a folder that all processes share
   * @param more further environment of all processes
   */
  static async start(
    kafka: TestKafka,
    s3: TestS3 | undefined,
    more: Readonly<Record<string, string>> = {},
  ): Promise<Cluster> {
    const folder = await mkdtemp(join(tmpdir(), 'annal-cluster-'));
    const database = await openTestDatabase();
    const bucket = s3 && (await TestBucket.make(s3));
    const topic = uniqueName('events');
    const changes = uniqueName('changes');
    const environment = {
      ...environmentOf({
        databaseUrl: database.url,
        broker: kafka.brokers[0]!,
        s3: s3 && bucket && { ...s3, bucket: bucket.name },
      }),
      ANNAL_TOPIC: topic,
      ANNAL_CHANGES_TOPIC: changes,
    };
    const make = async (role: string): Promise<ClusterProcess> => {
      const port = await freePort();
      const own = { ANNAL_ROLE: role, ANNAL_HTTP_PORT: String(port), ANNAL_DATA: folder };
      return new ClusterProcess({ ...environment, ...own, ...more }, port);
    };
    const cluster = new Cluster(
      [await make('api'), await make('api')],
      [await make('projector'), await make('projector')],
      changes,
      async () => {
        await database.close();
        await bucket?.remove();
        await deleteTopics(kafka, [topic, `${topic}.control`, changes]).catch(() => undefined);
        await rm(folder, { recursive: true, force: true });
      },
    );
    await Promise.all(cluster.processes.map((process) => process.start()));
    return cluster;
  }

  /** Ends all processes and removes what they had. */
  async close(): Promise<void> {
    await Promise.all(this.processes.map((process) => process.end('SIGTERM')));
    await this.clearAway();
  }

  private get processes(): readonly ClusterProcess[] {
    return [...this.servers, ...this.projectors];
  }
}
