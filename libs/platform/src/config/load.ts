import { isDeepStrictEqual } from 'node:util';
import { checkBlobStorage } from './checks/blob-storage.js';
import { checkConsistency } from './checks/consistency.js';
import { checkDictionaries } from './checks/dictionaries.js';
import { checkFiles } from './checks/files.js';
import { checkRemotes } from './checks/remotes.js';
import { checkSecurity } from './checks/security.js';
import { checkUserDefined } from './checks/user-defined.js';
import { type AnnalConfiguration } from './configuration.js';
import { whyIgnored } from './ignored-sections.js';
import { deepFreeze } from './json.js';
import { type OptionStatus } from './option.js';
import { OPTIONS } from './options/index.js';
import { readTable } from './read-table.js';
import { applyEnvironment } from './source/environment.js';
import { readFiles } from './source/files.js';
import { readSecrets } from './source/secrets.js';
import { type ConfigurationDocument, type ConfigurationSource } from './source/source.js';
import { nearest } from './suggestion.js';

/** A configuration, or the reasons to refuse it. */
export interface LoadedConfiguration {
  /** Undefined if and only if there are errors. */
  readonly configuration: AnnalConfiguration | undefined;
  /** What may not be meant, a sentence each. */
  readonly warnings: readonly string[];
  /** Why the server must not start, a sentence with the way out each. */
  readonly errors: readonly string[];
}

/**
 * Reads the configuration from files, secrets and the environment, and checks it once and for all: names, types,
 * ranges, files, folders, and combinations that are unsafe.
 */
export function loadConfiguration(source: ConfigurationSource): LoadedConfiguration {
  const files = readFiles(source);
  const secrets = readSecrets(source.secretsFolder ?? '/run/secrets', files.findings);
  const environment = { ...source.environment, ...secrets };
  const document = applyEnvironment(files, { ...source, environment }, OPTIONS);
  const configuration = readDocument(document);
  const { errors, warnings } = document.findings;
  return { configuration: errors.length === 0 ? deepFreeze(configuration) : undefined, errors, warnings };
}

function readDocument(document: ConfigurationDocument): AnnalConfiguration {
  const { content, findings, folderOf, defaultFolder, workingDirectory } = document;
  renameRemoteAccess(document);
  const idle: Record<OptionStatus, string[]> = { used: [], planned: [], 'no-effect': [] };
  const values = readTable(OPTIONS, content, {
    findings,
    unknown: (path, siblings) => findings.warnings.push(unknownKey(path, siblings)),
    present: (path, option, value) => {
      if (!isDeepStrictEqual(value, option.default)) idle[option.status].push(path);
    },
    folderFor: (path, option) =>
      option.relativeTo === 'configuration'
        ? (folderOf.get(path.split('.')[0] ?? '') ?? defaultFolder)
        : workingDirectory,
  });
  if (idle.planned.length > 0) findings.warnings.push(`not used by this version yet: ${idle.planned.join(', ')}`);
  if (idle['no-effect'].length > 0) findings.warnings.push(`without effect in Annal: ${idle['no-effect'].join(', ')}`);
  const oneFolder = content.StorageDirectory !== undefined && content.IndexDirectory === undefined;
  const configuration: AnnalConfiguration = {
    ...values,
    IndexDirectory: oneFolder ? values.StorageDirectory : values.IndexDirectory,
    AuthenticationEnabled: values.AuthenticationEnabled ?? values.RemoteAccessAllowed,
  };
  checkConsistency(configuration, findings);
  checkRemotes(configuration, findings);
  checkBlobStorage(configuration, findings);
  checkUserDefined(configuration, findings);
  checkSecurity(configuration, values.AuthenticationEnabled !== undefined, findings);
  if (findings.errors.length === 0) checkFiles(configuration, findings);
  if (findings.errors.length === 0) checkDictionaries(configuration, findings);
  return configuration;
}

/** RemoteAccessEnabled, which older instructions speak of, means RemoteAccessAllowed. */
function renameRemoteAccess({ content, findings }: ConfigurationDocument): void {
  const { RemoteAccessEnabled: older, RemoteAccessAllowed: newer } = content;
  if (older === undefined) return;
  delete content.RemoteAccessEnabled;
  if (newer === undefined) content.RemoteAccessAllowed = older;
  const which = newer === undefined ? 'taken as RemoteAccessAllowed' : 'ignored, RemoteAccessAllowed counts';
  findings.warnings.push(`RemoteAccessEnabled is the older name of RemoteAccessAllowed: ${which}`);
}

function unknownKey(path: string, siblings: readonly string[]): string {
  const ignored = whyIgnored(path);
  if (ignored !== undefined) return `${path} is ignored: ${ignored}`;
  const key = path.split('.').pop() ?? path;
  const meant = nearest(key, siblings);
  return `${path} is no known option${meant === undefined ? '' : `, ${path.slice(0, -key.length)}${meant} is meant perhaps`}: ignored`;
}
