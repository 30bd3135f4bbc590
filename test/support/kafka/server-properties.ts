/** Where a broker listens for one kind of client. */
export interface Listener {
  readonly name: string;
  readonly protocol: 'PLAINTEXT' | 'SSL' | 'SASL_PLAINTEXT' | 'SASL_SSL';
  /** on 127.0.0.1 */
  readonly port: number;
  /** what clients are told, as host:port */
  readonly advertised: string;
}

/** Settings of any Kafka of tests: one node, nothing is ever dropped, topics are made by tests alone. */
export function sharedSettings(): Record<string, string> {
  return {
    'auto.create.topics.enable': 'false',
    'group.initial.rebalance.delay.ms': '0',
    'log.retention.bytes': '-1',
    'log.retention.ms': '-1',
    'offsets.topic.num.partitions': '1',
    'offsets.topic.replication.factor': '1',
    'share.coordinator.state.topic.min.isr': '1',
    'share.coordinator.state.topic.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'transaction.state.log.num.partitions': '1',
    'transaction.state.log.replication.factor': '1',
  };
}

/**
 * The settings of a broker that is its own controller, as text for its properties file.
 * @param data the folder of its log
 * @param controllerPort on 127.0.0.1
 * @param further settings that come on top, or instead
 */
export function serverProperties(
  data: string,
  controllerPort: number,
  listeners: readonly Listener[],
  further: Readonly<Record<string, string>>,
): string {
  const of = (each: (listener: Listener) => string, controller?: string): string =>
    [...listeners.map(each), ...(controller === undefined ? [] : [controller])].join(',');
  const properties: Record<string, string> = {
    ...sharedSettings(),
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': listeners[0]!.name,
    listeners: of(({ name, port }) => `${name}://127.0.0.1:${port}`, `CONTROLLER://127.0.0.1:${controllerPort}`),
    'advertised.listeners': of(({ name, advertised }) => `${name}://${advertised}`),
    'listener.security.protocol.map': of(({ name, protocol }) => `${name}:${protocol}`, 'CONTROLLER:PLAINTEXT'),
    'log.dirs': data,
    // a broker that starts again is let in when the session of its former life is over
    'broker.heartbeat.interval.ms': '400',
    'broker.session.timeout.ms': '2000',
    // the default is half of the heap
    'log.cleaner.dedupe.buffer.size': String(4 << 20),
    'num.io.threads': '4',
    'num.network.threads': '2',
    ...further,
  };
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}
