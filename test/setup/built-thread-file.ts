import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Stands in for apps/api/src/pixels/thread-file.ts: threads run what was built, as they know no TypeScript. */
export function threadFile(name: string): URL {
  return pathToFileURL(join(process.cwd(), 'dist', 'apps', 'api', 'src', 'pixels', `${name}.js`));
}
