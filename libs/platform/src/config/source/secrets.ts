import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { reason } from './files.js';
import { type Findings } from './source.js';

/**
 * The mounted secrets that stand for environment variables: each file named ORTHANC__… in the folder, without the line
 * break at its end. A folder that does not exist has none.
 */
export function readSecrets(folder: string, findings: Findings): Record<string, string> {
  const secrets: Record<string, string> = {};
  for (const name of namesIn(folder)) {
    try {
      secrets[name] = readFileSync(join(folder, name), 'utf8').replace(/\r?\n$/, '');
    } catch (error) {
      findings.errors.push(`cannot read the secret ${join(folder, name)}: ${reason(error)}`);
    }
  }
  return secrets;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.startsWith('ORTHANC__'));
  } catch {
    return [];
  }
}
