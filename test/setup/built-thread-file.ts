import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Stands in for apps/api/src/thread-file.ts: threads run what was built, as they know no TypeScript. */
export function threadFile(path: string): URL {
  return pathToFileURL(join(process.cwd(), 'dist', 'apps', 'api', 'src', `${path}.js`));
}
