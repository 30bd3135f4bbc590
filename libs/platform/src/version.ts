import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Annal's own version, from its package. */
export const ANNAL_VERSION = readVersion(import.meta.dirname);

function readVersion(folder: string): string {
  try {
    const content = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      name?: string;
      version?: string;
    };
    if (content.name === 'annal' && content.version !== undefined) return content.version;
  } catch {
    // not the package's own folder
  }
  const parent = join(folder, '..');
  return parent === folder ? '0.0.0' : readVersion(parent);
}
