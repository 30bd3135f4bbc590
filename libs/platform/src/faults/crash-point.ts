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

export type CrashPoint =
  | 'store:before-blob'
  | 'store:blob-written'
  | 'store:blob-durable'
  | 'store:before-append'
  | 'store:after-append'
  | 'log:before-commit'
  | 'log:after-commit'
  | 'delete:before-append'
  | 'delete:after-append'
  | 'garbage:before-remove'
  | 'garbage:after-remove';

const ARMED = parse(process.env.ANNAL_CRASH_POINT);

function parse(text: string | undefined): { name: string; passages: number } | undefined {
  const [, name, passages = '1'] = /^([a-z]+:[a-z-]+)(?::(\d+))?$/.exec(text ?? '') ?? [];
  return name === undefined ? undefined : { name, passages: Number(passages) };
}
