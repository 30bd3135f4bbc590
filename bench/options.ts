import { parseArgs } from 'node:util';

/** What the command line asks for. */
export interface Options {
  readonly quick: boolean;
  readonly orthanc: string | undefined;
  /** Another Orthanc, which both servers send to. */
  readonly peer: string | undefined;
  /** Write docs/benchmarks.md. */
  readonly write: boolean;
  /** A file for the figures as JSON. */
  readonly json: string | undefined;
  /** A folder for CPU profiles of Annal's processes. */
  readonly profiles: string | undefined;
  /** Which parts to run; undefined: all. */
  readonly only: readonly string[] | undefined;
}

export const PARTS = [
  'ingest',
  'delete',
  'read',
  'scale',
  'rebuild',
  'large',
  'contents',
  'dicomweb',
  'client',
  'peers',
  'jobs',
] as const;

export const USAGE = `npm run bench -- [--quick] [--orthanc URL] [--peer URL] [--write] [--json FILE] [--cpu-prof FOLDER] [--only PART,…]

  --quick           smaller archives and fewer rounds: a few minutes
  --orthanc URL     compare with the empty Orthanc that runs there (default: one started from the PATH, if there is one)
  --peer URL        another empty Orthanc, which both send to (default: one started from the PATH, if there is one)
  --write           write docs/benchmarks.md
  --json FILE       write all figures as JSON
  --cpu-prof FOLDER leave CPU profiles of Annal's processes there
  --only PART,…     only some of: ${PARTS.join(', ')}
`;

/** @throws on an option that is not known */
export function parseOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      orthanc: { type: 'string' },
      peer: { type: 'string' },
      write: { type: 'boolean', default: false },
      json: { type: 'string' },
      'cpu-prof': { type: 'string' },
      only: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const only = values.only?.split(',');
  const unknown = only?.find((part) => !(PARTS as readonly string[]).includes(part));
  if (unknown !== undefined) throw new Error(`There is no part "${unknown}": ${PARTS.join(', ')}`);
  const { quick, orthanc, peer, write, json } = values;
  return { quick, orthanc, peer, write, json, profiles: values['cpu-prof'], only };
}
