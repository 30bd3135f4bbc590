import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseRoutes, type Route } from './route.js';
import type { RoutesOf } from './routes-page.js';

const ROOT = join(import.meta.dirname, '../..');

/** The page's file. */
export const PAGE = join(ROOT, 'docs/routes.md');

/** What this repository has: Orthanc's routes as they are noted here, and all specs. */
export function routesOfRepository(served: readonly Route[]): RoutesOf {
  const orthanc = parseRoutes(readFileSync(join(import.meta.dirname, 'orthanc-routes.txt'), 'utf8'));
  const paths = globSync(['apps/**/*.spec.ts', 'libs/**/*.spec.ts', 'test/**/*.spec.ts'], { cwd: ROOT }).sort();
  const specs = paths.map((path) => ({ path, text: withHelpers(path) }));
  return { orthanc, served, specs };
}

/** The text of a spec and of what it imports from folders for tests. */
function withHelpers(path: string): string {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const imports = [...text.matchAll(/from '(\.{1,2}\/[^']*(?:testing|support)\/[^']*)\.js'/g)];
  const helpers = imports
    .map(([, helper]) => join(ROOT, dirname(path), `${helper}.ts`))
    .filter((file) => existsSync(file));
  return [text, ...helpers.map((file) => readFileSync(file, 'utf8'))].join('\n');
}
