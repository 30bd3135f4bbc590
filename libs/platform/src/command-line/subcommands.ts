/** What `annal events` is asked to do. */
export type EventsRequest =
  | { readonly action: 'show'; readonly offset?: number }
  | { readonly action: 'retry' }
  | { readonly action: 'skip'; readonly offset: number; readonly reason: string; readonly force: boolean };

/** What `annal rebuild` is asked to do beside, or instead: an index as it was, in a schema of its own. */
export interface RebuildRequest {
  readonly past?: {
    /** A position in the log, or a time. */
    readonly until: number | Date;
    readonly schema: string;
  };
}

/** The options that each command has of its own: with a value behind them, and without. */
export const SUBCOMMANDS = {
  rebuild: { values: ['--until', '--schema'], flags: [] },
  events: { values: ['--reason'], flags: ['--force'] },
} as const satisfies Readonly<Record<string, { values: readonly string[]; flags: readonly string[] }>>;
export type Subcommand = keyof typeof SUBCOMMANDS;

/** A command's own options as they were given, flags with an empty value. */
export type OwnOptions = ReadonlyMap<string, string>;

/** The command line asks for something that makes no sense. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * Reads what stands behind `events`.
 * @param words what is no option, in order
 * @returns the request, and the words that are left: configurations
 * @throws UsageError
 */
export function readEventsRequest(
  words: readonly string[],
  options: OwnOptions,
): { readonly request: EventsRequest; readonly rest: readonly string[] } {
  const [action, second = '', ...others] = words;
  if (action !== 'skip') {
    for (const name of options.keys()) throw new UsageError(`${name} belongs to "events skip"`);
  }
  const offset = OFFSET.test(second) ? Number(second) : undefined;
  const rest = offset === undefined ? words.slice(1) : others;
  switch (action) {
    case 'show':
      return { request: { action, ...(offset !== undefined && { offset }) }, rest };
    case 'retry':
      if (offset !== undefined)
        throw new UsageError('"events retry" tries whatever stands in the way: it takes no offset');
      return { request: { action }, rest };
    case 'skip': {
      const reason = options.get('--reason')?.trim() ?? '';
      if (offset === undefined) throw new UsageError('"events skip" needs the offset of the event');
      if (reason === '') throw new UsageError('"events skip" needs a reason: --reason TEXT');
      return { request: { action, offset, reason, force: options.has('--force') }, rest };
    }
    default:
      throw new UsageError('"events" needs to know what to do: show, retry or skip');
  }
}

/** Reads the options of `rebuild`. @throws UsageError */
export function readRebuildRequest(options: OwnOptions): RebuildRequest {
  const [until, schema] = [options.get('--until'), options.get('--schema')];
  if (until === undefined && schema === undefined) return {};
  if (until === undefined) throw new UsageError('--schema needs to know as of when: --until TIME or POSITION');
  if (schema === undefined) throw new UsageError('--until needs a schema of its own: --schema NAME');
  return { past: { until: readUntil(until), schema } };
}

const OFFSET = /^\d{1,15}$/;
const TIME = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?)?$/;

function readUntil(text: string): number | Date {
  if (OFFSET.test(text)) return Number(text);
  // a date alone is its beginning where this machine stands, as a time without a zone is
  const time = new Date(text.includes('T') ? text : `${text}T00:00`);
  if (TIME.test(text) && !Number.isNaN(time.getTime())) return time;
  throw new UsageError(
    '--until takes a position (a number) or a time such as 2026-11-21T13:00 or 2026-11-21T12:00:00Z',
  );
}
