import { type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../free-ports.js';
import { formatFolder, spawnBroker, spawnWatchdog } from './jvm.js';
import { createCertificate, type Login, saslSettings, scramUser } from './security.js';
import { type Listener, serverProperties } from './server-properties.js';

/** What a test wants of its broker, beside a listener without encryption and login. */
export interface KafkaBrokerOptions {
  /** A further listener whose clients are told this address (host:port), of a proxy in front of `upstream`. */
  readonly proxied?: string;
  /** Further listeners with TLS, with login, and with both. */
  readonly login?: Login;
  /** Settings of Kafka (server.properties) on top. */
  readonly properties?: Readonly<Record<string, string>>;
  /** Where it listens as a controller, on 127.0.0.1; a free port by default. */
  readonly controllerPort?: number;
}

/** A broker of a test's own, on 127.0.0.1, whose ports and data stay the same as long as it is not removed. */
export class KafkaBroker {
  private child: ChildProcess | undefined;
  private readonly lines: string[] = [];
  private readonly folder: string;
  private readonly jars: string;
  private readonly listeners: readonly Listener[];
  private readonly watchdog: ChildProcess;
  /** The certificate of the listeners with TLS, as PEM: what a client must trust. Empty without `login`. */
  readonly certificate: string;

  private constructor(folder: string, jars: string, listeners: readonly Listener[], certificate: string) {
    this.folder = folder;
    this.jars = jars;
    this.listeners = listeners;
    this.certificate = certificate;
    this.watchdog = spawnWatchdog(folder, this.pidFile);
  }

  /**
   * Prepares a broker and starts it; resolves when it serves clients.
   * @param jars the folder of Kafka's jars, from `kafkaJars`
   * @throws when it does not start, with what it wrote
   */
  static async start(options: KafkaBrokerOptions, jars: string): Promise<KafkaBroker> {
    const folder = await mkdtemp(join(tmpdir(), 'annal-test-kafka-'));
    let broker: KafkaBroker | undefined;
    try {
      const listeners = await chooseListeners(options);
      const security = options.login && (await createCertificate(folder));
      broker = new KafkaBroker(folder, jars, listeners, security?.certificate ?? '');
      const { login } = options;
      const withLogin = listeners.filter(({ protocol }) => protocol.startsWith('SASL')).map(({ name }) => name);
      const settings = serverProperties(join(folder, 'data'), options.controllerPort ?? (await freePort()), listeners, {
        ...security?.properties,
        ...(login && saslSettings(withLogin, login)),
        ...options.properties,
      });
      await writeFile(broker.propertiesFile, settings);
      await formatFolder(jars, broker.propertiesFile, login ? scramUser(login) : []);
      await broker.restart();
      return broker;
    } catch (error) {
      if (broker) await broker.remove();
      else await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** Starts brokers that replicate to each other; the one at index n has the node id n + 1. */
  static async startCluster(count: number, jars: string): Promise<KafkaBroker[]> {
    const ports = await Promise.all(Array.from({ length: count }, () => freePort()));
    const voters = ports.map((port, index) => `${index + 1}@127.0.0.1:${port}`).join(',');
    const replicated = {
      'controller.quorum.voters': voters,
      'offsets.topic.replication.factor': String(count),
      'transaction.state.log.replication.factor': String(count),
      'transaction.state.log.min.isr': '2',
    };
    // none is ready before most of them are there
    const starts = await Promise.allSettled(
      ports.map((controllerPort, index) =>
        KafkaBroker.start({ controllerPort, properties: { ...replicated, 'node.id': String(index + 1) } }, jars),
      ),
    );
    const started = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
    if (started.length === count) return started;
    await Promise.all(started.map((broker) => broker.remove()));
    throw starts.find((start) => start.status === 'rejected')!.reason;
  }

  /** Where clients connect without encryption and login. */
  get brokers(): string[] {
    return [this.listener('PLAIN').advertised];
  }

  /** Where clients connect with TLS, as host:port. */
  get tls(): string {
    return this.listener('TLS').advertised;
  }

  /** Where clients log in without encryption, as host:port. */
  get sasl(): string {
    return this.listener('LOGIN').advertised;
  }

  /** Where clients log in with TLS, as host:port. */
  get saslTls(): string {
    return this.listener('TLSLOGIN').advertised;
  }

  /** The port that the proxy is to forward to. */
  get upstream(): number {
    return this.listener('PROXIED').port;
  }

  /** The process id while it runs. */
  get pid(): number {
    return this.child!.pid!;
  }

  /** What the broker logged, in all its runs. */
  get log(): string {
    return this.lines.join('\n');
  }

  /** Starts the broker, which was killed or stopped, with the same ports and data; resolves when it serves clients. */
  async restart(): Promise<void> {
    const begun = (child: ChildProcess): void => {
      this.child = child;
      // no process id: the program is not there, which spawnBroker reports
      if (child.pid === undefined) return;
      writeFileSync(this.pidFile, String(child.pid));
      child.once('exit', () => rmSync(this.pidFile, { force: true }));
    };
    await spawnBroker(this.jars, this.propertiesFile, (line) => this.lines.push(line), begun);
  }

  /** Kills the broker in the midst of what it does; resolves when it is gone. */
  kill(): Promise<void> {
    return this.end('SIGKILL');
  }

  /** Lets the broker end in order; resolves when it is gone. */
  stop(): Promise<void> {
    return this.end('SIGTERM');
  }

  /** Freezes the broker: it accepts connections but does not answer. */
  freeze(): void {
    process.kill(this.pid, 'SIGSTOP');
  }

  /** Lets a frozen broker go on. */
  thaw(): void {
    process.kill(this.pid, 'SIGCONT');
  }

  /** Ends the broker, if it runs, and removes its data. */
  async remove(): Promise<void> {
    await this.kill();
    const gone = once(this.watchdog, 'exit');
    // ends it as if this process had been killed: it removes the folder
    this.watchdog.stdin!.end();
    await gone;
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.child;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }

  private get propertiesFile(): string {
    return join(this.folder, 'server.properties');
  }

  private get pidFile(): string {
    return join(this.folder, 'pid');
  }

  private listener(name: string): Listener {
    const found = this.listeners.find((listener) => listener.name === name);
    if (!found) throw new Error(`The broker was started without the listener ${name}`);
    return found;
  }
}

async function chooseListeners({ login, proxied }: KafkaBrokerOptions): Promise<Listener[]> {
  const listener = async (name: string, protocol: Listener['protocol'], advertised?: string): Promise<Listener> => {
    const port = await freePort();
    return { name, protocol, port, advertised: advertised ?? `127.0.0.1:${port}` };
  };
  return Promise.all([
    listener('PLAIN', 'PLAINTEXT'),
    ...(proxied === undefined ? [] : [listener('PROXIED', 'PLAINTEXT', proxied)]),
    ...(login ? [listener('TLS', 'SSL'), listener('LOGIN', 'SASL_PLAINTEXT'), listener('TLSLOGIN', 'SASL_SSL')] : []),
  ]);
}
