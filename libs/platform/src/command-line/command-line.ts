import { parseLogOption, type LogOptions, QUIET_LOG } from './log-options.js';
import {
  type EventsRequest,
  readEventsRequest,
  readRebuildRequest,
  type RebuildRequest,
  type Subcommand,
  SUBCOMMANDS,
  UsageError,
} from './subcommands.js';

/** What the command line asks for. */
export type CommandLine =
  /** Run the server. */
  | ({ readonly command: 'serve' } & ServerCommand)
  /** Rebuild the read models. */
  | ({ readonly command: 'rebuild' } & RebuildRequest & ServerCommand)
  /** Look at events that cannot be folded, and decide about them. */
  | ({ readonly command: 'events' } & EventsRequest & ServerCommand)
  /** Write a configuration file with all defaults, or the OpenAPI document; the file "-" is the standard output. */
  | { readonly command: 'write-configuration' | 'write-openapi'; readonly file: string }
  | { readonly command: 'version' | 'help' | 'errors' }
  /** The command line cannot be understood: say why and exit with a code other than 0. */
  | { readonly command: 'refuse'; readonly message: string };

/** What a command on an archive goes by. */
export interface ServerCommand {
  /** Configuration files and folders, as given. None: the defaults. */
  readonly configurationPaths: readonly string[];
  readonly log: LogOptions;
  /** Whether jobs of the last run go on. */
  readonly resumeJobs: boolean;
  /** Whether a database of an older version may be changed to this one's. */
  readonly upgrade: boolean;
}

const WRITE = { '--config': 'write-configuration', '--openapi': 'write-openapi' } as const;
const ASK = { '--version': 'version', '--help': 'help', '-h': 'help', '--errors': 'errors' } as const;

/**
 * Parses the command line, options as Orthanc has them, read from left to right.
 * @param argv the arguments, without Node and the script
 * @param environment the variables of Orthanc's container images that stand for options (VERBOSE_ENABLED and its kin)
 */
export function parseCommandLine(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = {},
): CommandLine {
  const subcommand = Object.hasOwn(SUBCOMMANDS, argv[0] ?? '') ? (argv[0] as Subcommand) : undefined;
  const own = new Map<string, string>();
  const words: string[] = [];
  let log = QUIET_LOG;
  let resumeJobs = true;
  let upgrade = false;
  let onlyPaths = false;
  const waiting = [...fromEnvironment(environment), ...(subcommand ? argv.slice(1) : argv)];
  for (let argument = waiting.shift(); argument !== undefined; argument = waiting.shift()) {
    const [name = '', value] = split(argument);
    const logged = parseLogOption(log, name, value);
    const kind = ownOption(subcommand, name);
    if (onlyPaths || !argument.startsWith('-')) words.push(argument);
    else if (argument === '--') onlyPaths = true;
    else if (Object.hasOwn(ASK, argument)) return { command: ASK[argument as keyof typeof ASK] };
    else if (Object.hasOwn(WRITE, name)) {
      if (!value) return refuse(`${name} needs a file: ${name}=FILE`);
      return { command: WRITE[name as keyof typeof WRITE], file: value };
    } else if (logged) log = logged;
    else if (argument === '--no-jobs') resumeJobs = false;
    else if (argument === '--upgrade') upgrade = true;
    else if (kind === 'value') own.set(name, value ?? waiting.shift() ?? '');
    else if (kind === 'flag' && value === undefined) own.set(name, '');
    else return refuse(`unknown option ${argument}`);
  }
  const common = { log, resumeJobs, upgrade };
  try {
    if (subcommand === 'events') {
      const { request, rest } = readEventsRequest(words, own);
      return { command: 'events', ...request, configurationPaths: rest, ...common };
    }
    if (subcommand === 'rebuild') {
      return { command: 'rebuild', ...readRebuildRequest(own), configurationPaths: words, ...common };
    }
    return { command: 'serve', configurationPaths: words, ...common };
  } catch (error) {
    if (error instanceof UsageError) return refuse(error.message);
    throw error;
  }
}

function ownOption(subcommand: Subcommand | undefined, name: string): 'value' | 'flag' | undefined {
  const { values, flags }: { values: readonly string[]; flags: readonly string[] } = subcommand
    ? SUBCOMMANDS[subcommand]
    : { values: [], flags: [] };
  if (values.includes(name)) return 'value';
  return flags.includes(name) ? 'flag' : undefined;
}

function refuse(message: string): CommandLine {
  return { command: 'refuse', message: `${message}. See annal --help` };
}

function split(argument: string): [name: string, value?: string] {
  const at = argument.indexOf('=');
  return at < 0 ? [argument] : [argument.slice(0, at), argument.slice(at + 1)];
}

function fromEnvironment(environment: Readonly<Record<string, string | undefined>>): string[] {
  const flags = { VERBOSE_ENABLED: '--verbose', TRACE_ENABLED: '--trace', NO_JOBS: '--no-jobs' };
  const files = { LOGDIR: '--logdir', LOGFILE: '--logfile' };
  return [
    ...Object.entries(flags).flatMap(([name, option]) => (environment[name] === 'true' ? [option] : [])),
    ...Object.entries(files).flatMap(([name, option]) => (environment[name] ? [`${option}=${environment[name]}`] : [])),
  ];
}
