/**
 * Named places at which a fault test kills the process, as kill -9 would: `ANNAL_CRASH_POINT=name` or `name:7` (at the
 * seventh passage). Without that variable this costs a comparison.
 */
export async function crashPoint(name: CrashPoint): Promise<void> {
  if (!ARMED || ARMED.name !== name) return;
  ARMED.passages -= 1;
  if (ARMED.passages > 0) return;
  process.kill(process.pid, 'SIGKILL');
  await new Promise(() => undefined);
}

/**
 * In the order of a store, then of what a deletion leaves to do. `log` are steps of whoever writes the log, `fold` of the
 * projector of a log in Kafka, `relay` of what publishes its changes, `garbage` of the primary.
 */
export const CRASH_POINTS = [
  'store:before-blob',
  'store:blob-written',
  'store:blob-durable',
  'command:before-append',
  'log:before-commit',
  'log:after-commit',
  'command:after-append',
  'garbage:before-remove',
  'garbage:after-remove',
] as const;
/** Those that a log in Kafka has where the PostgreSQL log has its commit. */
export const KAFKA_CRASH_POINTS = [
  'log:before-send',
  'log:after-send',
  'fold:before-commit',
  'fold:after-commit',
  'relay:before-commit',
  'relay:after-commit',
] as const;
/** Of whoever destroys the keys of erased studies. */
export const ERASURE_CRASH_POINTS = ['erasure:before-mark', 'erasure:marked', 'erasure:destroyed'] as const;
/** Of whoever runs a job. */
export const JOB_CRASH_POINTS = ['job:before-step', 'job:after-step'] as const;
export type CrashPoint = (
  typeof CRASH_POINTS | typeof KAFKA_CRASH_POINTS | typeof ERASURE_CRASH_POINTS | typeof JOB_CRASH_POINTS
)[number];

const ARMED = parse(process.env.ANNAL_CRASH_POINT);

function parse(text: string | undefined): { name: string; passages: number } | undefined {
  const [, name, passages = '1'] = /^([a-z]+:[a-z-]+)(?::(\d+))?$/.exec(text ?? '') ?? [];
  return name === undefined ? undefined : { name, passages: Number(passages) };
}
