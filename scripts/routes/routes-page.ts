import { REMARKS, WORK } from './later.js';
import { keyOf, type Route } from './route.js';
import { type Spec, TestedBy } from './tested-by.js';

/** What the page is made of. */
export interface RoutesOf {
  /** Orthanc's. */
  readonly orthanc: readonly Route[];
  /** Those that the application has. */
  readonly served: readonly Route[];
  readonly specs: readonly Spec[];
}

/** The page, and what is wrong about the routes: it must not be written then. */
export interface RoutesPage {
  readonly text: string;
  readonly faults: readonly string[];
}

interface Row extends Route {
  readonly state: string;
  readonly tests: readonly string[];
}

const HEAD = `<!-- Written by \`npm run docs:conformance\`: do not edit. -->

# Routes

The routes of Orthanc's REST API, from its OpenAPI description, and what Annal does with each. *Served* is what the
application itself says it has; the tests are specs that name the path. What differs on purpose is told by
[conformance](conformance.md).
`;

/** Makes the page that docs/routes.md holds. */
export function routesPage({ orthanc, served, specs }: RoutesOf): RoutesPage {
  const known = new Set(served.map(keyOf));
  const testedBy = new TestedBy(specs);
  const faults: string[] = [];
  const rows = orthanc.map((route): Row => {
    const name = `${route.method} ${route.path}`;
    if (!known.has(keyOf(route))) {
      const work = WORK.find(([pattern]) => pattern.test(route.path))?.[1];
      if (work === undefined) faults.push(`${name} is not served, and scripts/routes/later.ts says not why`);
      return { ...route, state: `later: ${work}`, tests: [] };
    }
    const tests = testedBy.of(route);
    if (tests.length === 0) faults.push(`${name} is served, and no spec names it`);
    return { ...route, state: name in REMARKS ? `differs: ${REMARKS[name]}` : 'served', tests };
  });
  const names = new Set(orthanc.map(({ method, path }) => `${method} ${path}`));
  for (const name of Object.keys(REMARKS)) if (!names.has(name)) faults.push(`${name} is remarked upon, but no route`);
  return { text: `${HEAD}\n${summary(rows)}\n${tables(rows)}`, faults };
}

function summary(rows: readonly Row[]): string {
  const count = (start: string): number => rows.filter(({ state }) => state.startsWith(start)).length;
  return `Of ${rows.length} routes ${count('served')} are served, ${count('differs')} differ, ${count('later')} are not there yet.\n`;
}

function tables(rows: readonly Row[]): string {
  const groups = Map.groupBy(rows, ({ path }) => path.split('/')[1]!);
  return [...groups].map(([group, members]) => `## \`/${group}\`\n\n${table(members)}`).join('\n');
}

function table(rows: readonly Row[]): string {
  const lines = rows.map(
    ({ method, path, state, tests }) => `| \`${method} ${path}\` | ${state} | ${tests.map(link).join(', ')} |`,
  );
  return ['| Route | State | Tests |', '| --- | --- | --- |', ...lines, ''].join('\n');
}

function link(path: string): string {
  const name = path.split('/').at(-1)!.split('.')[0]!;
  return `[${name}](../${path})`;
}
