import { readFileSync } from 'node:fs';
import { openApiDocument } from '../../apps/api/src/cli/open-api-document.js';
import { PAGE, routesOfRepository } from '../../scripts/routes/repository.js';
import { parseRoutes, routesOf } from '../../scripts/routes/route.js';
import { routesPage } from '../../scripts/routes/routes-page.js';

describe('docs/routes.md', () => {
  it('is what the application serves and the specs name (if this fails: npm run docs:conformance)', async () => {
    const { text, faults } = routesPage(routesOfRepository(routesOf(await openApiDocument())));
    expect(faults).toEqual([]);
    expect(readFileSync(PAGE, 'utf8')).toBe(text);
  });
});

describe('the page of routes', () => {
  const orthanc = parseRoutes('/patients/{id}/anonymize GET POST\n/studies/{id}/anonymize GET\n/tools/find POST\n');
  const served = parseRoutes('/patients/{name}/anonymize GET\n/tools/find POST\n');
  const page = (...texts: string[]): { text: string; faults: readonly string[] } =>
    routesPage({ orthanc, served, specs: texts.map((text, index) => ({ path: `test/${index}.unit.spec.ts`, text })) });
  const names = ["post('/tools/find')", 'get(`${url}/patients/${id}/anonymize`)'];

  it('says of each route what it is, and which specs name it', () => {
    const { text, faults } = page(...names);
    expect(text).toContain('| `POST /tools/find` | served | [0](../test/0.unit.spec.ts) |');
    expect(text).toContain('| `GET /patients/{id}/anonymize` | served | [1](../test/1.unit.spec.ts) |');
    expect(text).toContain('| `POST /patients/{id}/anonymize` | later: modification |  |');
    expect(text).toContain('Of 4 routes 2 are served, 0 differ, 2 are not there yet.');
    expect(faults.filter((fault) => fault.includes('no spec'))).toEqual([]);
  });

  it.each([
    ['another method', "get('/tools/find')"],
    ['a longer path', "post('/tools/find/more')"],
    ['a part of a name', "post('/tools/finder')"],
    ['a variable that is nowhere', 'post(`/tools/${name}`)'],
    ['a variable for everything', 'post(`${url}/${path}`); const other = "tools";'],
  ])('does not take %s for a test', (_what, text) => {
    expect(page(text, names[1]!).faults).toContain('POST /tools/find is served, and no spec names it');
  });

  it.each([
    ['from a list of names', "post(`/tools/${name}`); each(['find', 'lookup'])"],
    ['with the beginning elsewhere', "const path = '/tools'; post(`${path}/find`)"],
  ])('takes a path put together %s', (_what, text) => {
    expect(page(text, names[1]!).faults).not.toContain('POST /tools/find is served, and no spec names it');
  });
});
