import { parseLogOption, type LogOptions, QUIET_LOG } from './log-options.js';

/** What the command line asks for. */
export type CommandLine =
  /** Run the server. */
  | ({ readonly command: 'serve' } & ServerCommand)
  /** Rebuild the read models; `options` are its own, as given. */
  | ({ readonly command: 'rebuild'; readonly options: readonly string[] } & ServerCommand)
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
  const rebuild = argv[0] === 'rebuild';
  const options: string[] = [];
  const configurationPaths: string[] = [];
  let log = QUIET_LOG;
  let resumeJobs = true;
  let upgrade = false;
  let onlyPaths = false;
  for (const argument of [...fromEnvironment(environment), ...(rebuild ? argv.slice(1) : argv)]) {
    const [name = '', value] = split(argument);
    const logged = parseLogOption(log, name, value);
    if (onlyPaths || !argument.startsWith('-')) configurationPaths.push(argument);
    else if (argument === '--') onlyPaths = true;
    else if (Object.hasOwn(ASK, argument)) return { command: ASK[argument as keyof typeof ASK] };
    else if (Object.hasOwn(WRITE, name)) {
      if (!value) return refuse(`${name} needs a file: ${name}=FILE`);
      return { command: WRITE[name as keyof typeof WRITE], file: value };
    } else if (logged) log = logged;
    else if (argument === '--no-jobs') resumeJobs = false;
    else if (argument === '--upgrade') upgrade = true;
    else if (rebuild) options.push(argument);
    else return refuse(`unknown option ${argument}`);
  }
  const common = { configurationPaths, log, resumeJobs, upgrade };
  return rebuild ? { command: 'rebuild', options, ...common } : { command: 'serve', ...common };
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
