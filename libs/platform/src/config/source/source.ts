import { type JsonObject } from '../json.js';

/** Where a configuration comes from. */
export interface ConfigurationSource {
  /** Files and folders, from the command line. None: the defaults. */
  readonly paths: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Absolute path of the folder the server was started in. */
  readonly workingDirectory: string;
  /** Where container platforms mount secrets: files named as the environment variables they stand for. */
  readonly secretsFolder?: string;
}

/** What was said about a configuration while reading and checking it. */
export interface Findings {
  /** Reasons to refuse, each with the way out. */
  readonly errors: string[];
  readonly warnings: string[];
}

/** The merged configuration before it is checked. */
export interface ConfigurationDocument {
  readonly content: JsonObject;
  /** The folder relative paths under a top-level key start from. */
  readonly folderOf: ReadonlyMap<string, string>;
  /** The same for a key that no source has. */
  readonly defaultFolder: string;
  readonly workingDirectory: string;
  readonly findings: Findings;
}
