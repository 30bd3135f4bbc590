import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { COLLECTIONS } from '@annal/domain';
import { jest } from '@jest/globals';
import type { OpenAPIObject } from '@nestjs/swagger';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { startWritingApp, type WritingApp } from '../../rest/testing/writing-app.js';
import { RouteTree } from '../route-tree.js';
import { EMPTY } from './answers.js';
import { type Operation, operationsOf } from './testing/operations.js';

/** The schema of OpenAPI 3.0 for the schemas in a description. */
const SCHEMA_OBJECT = createRequire(import.meta.url).resolve('@asyncapi/specs/common/openapiSchema_3_0.json');

/** Successes other than 200 alone. */
const OTHER_SUCCESSES: readonly (readonly [route: RegExp, statuses: readonly string[]])[] = [
  [/^GET \/(favicon.ico)?$/, ['307']],
  [/^GET \/ohif$/, ['200', '307']],
  [/^GET \/instances\/\{id\}\/(frames\/\{frame\}\/)?(preview|rendered|image-u?int(8|16))$/, ['200', '307']],
  [/^POST \/instances$/, ['200', '202']],
  [/^GET .*\/attachments\/\{name\}\/(compressed-)?data$/, ['200', '206', '304']],
  [/^GET .*\/(attachments|metadata)\/\{name\}(\/|$)/, ['200', '304']],
  [/^GET \/(dicom-web\/studies.*\/metadata|dicom-web\/app\/client\/\{file\}|ohif\/\{path\})$/, ['200', '304']],
  [/^GET (\/wado|.*\/bulk\/\{path\})$/, ['200', '206']],
  [/^GET .*\/instances\/\{instance\}\/frames$/, []],
  [/^POST \/tools\/execute-script$/, []],
  [/^DELETE \/dicom-web\/studies/, ['204']],
];

/** What changes something without reading a body. */
const WITHOUT_BODY = [
  /^POST \/jobs\/\{id\}\/(cancel|pause|resubmit|resume)$/,
  /^POST .*\/attachments\/\{name\}\/(compress|uncompress|verify-md5)$/,
  /^PUT .*\/labels\/\{label\}$/,
  /^POST \/studies\/\{id\}\/update-dicomweb-cache$/,
  /^POST \/tools\/(execute-script|invalidate-tags|reset|shutdown)$/,
];

const COLLECTION_NAMES = Object.values(COLLECTIONS);

describe('/swagger.json', () => {
  let writing: WritingApp;
  let document: OpenAPIObject;
  let operations: readonly Operation[];
  const registered = new Set<string>();
  beforeAll(async () => {
    const add = jest.spyOn(RouteTree.prototype, 'add');
    writing = await startWritingApp({ Annal: { DicomWebDelete: true } });
    for (const [method, path] of add.mock.calls) registered.add(`${method} ${templated(path)}`);
    add.mockRestore();
    const answer = await writing.send('GET', '/swagger.json');
    expect(answer.status).toBe(200);
    document = answer.json as OpenAPIObject;
    operations = operationsOf(document);
  });
  afterAll(() => writing.close());

  it('has every route that is served, and the paths that only lead on', async () => {
    const described = operations.map(({ route }) => route);
    expect(described).toEqual(expect.arrayContaining([...registered]));
    const further = described.filter((route) => !registered.has(route));
    expect(further.sort()).toEqual(['GET /app/images', 'GET /dicom-web/app', 'GET /health', 'GET /tools']);
    for (const route of further) {
      const { status, json } = await writing.send('GET', route.slice('GET '.length));
      expect({ route, status, json }).toEqual({ route, status: 200, json: expect.any(Array) as unknown });
    }
  });

  it('says of each operation what it does, and has an identifier for each', () => {
    expect(operations.filter(({ summary, tags }) => !summary || tags?.length !== 1)).toEqual([]);
    const ids = operations.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('says where If-Match decides', () => {
    const deciding = operations.filter(({ parameters }) => parameters.some(({ name }) => name === 'If-Match'));
    const names = ['attachments', 'metadata'].flatMap((name) =>
      COLLECTION_NAMES.map((level) => `/${level}/{id}/${name}/{name}`),
    );
    expect(deciding.map(({ route }) => route).sort()).toEqual(
      names.flatMap((path) => [`DELETE ${path}`, `PUT ${path}`]).sort(),
    );
    expect(deciding.filter(({ responses }) => !('409' in responses))).toEqual([]);
  });

  it('declares each parameter once, those of the path as in the path', () => {
    for (const { route, path, parameters } of operations) {
      const names = [...path.matchAll(/\{([^}]*)\}/g)].map(([, name]) => name);
      const declared = parameters.filter((parameter) => parameter.in === 'path');
      expect({ route, names: declared.map(({ name }) => name) }).toEqual({ route, names });
      expect(declared.every(({ required }) => required)).toBe(true);
      const keys = parameters.map((parameter) => `${parameter.in} ${parameter.name}`);
      expect({ route, keys: [...new Set(keys)] }).toEqual({ route, keys });
    }
  });

  it('promises the statuses that are answered', () => {
    for (const { route, responses } of operations) {
      const successes = Object.keys(responses).filter((status) => status < '400');
      const [, expected] = OTHER_SUCCESSES.find(([pattern]) => pattern.test(route)) ?? [route, ['200']];
      expect({ route, successes }).toEqual({ route, successes: expected });
    }
  });

  it('tells the body of every request that has one, and of no other', () => {
    for (const { route, method, requestBody } of operations) {
      const reads = /^(POST|PUT)$/.test(method) && !WITHOUT_BODY.some((pattern) => pattern.test(route));
      expect({ route, reads: requestBody !== undefined }).toEqual({ route, reads });
      for (const { schema } of Object.values(requestBody?.content ?? {})) {
        expect({ route, schema }).not.toEqual({ route, schema: {} });
      }
    }
  });

  it('tells the media types and the schema of every answer that has a body', () => {
    for (const { route, responses } of operations) {
      for (const [status, { content, description }] of Object.entries(responses)) {
        if (!/^2(?!04)/.test(status)) continue;
        const schemas = Object.values(content ?? {}).map(({ schema }) => schema);
        const isSaid = description === EMPTY || schemas.length > 0;
        expect({ route, status, isSaid }).toEqual({ route, status, isSaid: true });
        for (const schema of schemas) {
          expect({ route, status, says: Object.keys(schema) }).toEqual({
            route,
            status,
            says: expect.arrayContaining([expect.stringMatching(/^(type|anyOf|\$ref)$/)]) as unknown,
          });
        }
      }
    }
  });

  it.each([
    ['GET /patients', 'since limit expand response-content requestedTags requested-tags short full'],
    ['GET /studies/{id}/instances', 'expand requestedTags requested-tags short full'],
    ['GET /instances/{id}/tags', 'short simplify ignore-length whole'],
    ['GET /changes', 'since to limit type last'],
    ['GET /exports', 'since limit last'],
    ['GET /jobs', 'expand state type since limit'],
    ['GET /events', 'since limit type resource wait'],
    ['GET /tools/create-archive', 'resources filename transcode lossy-quality'],
    ['GET /instances/{id}/rendered', 'quality returnUnsupportedImage window-center window-width width height smooth'],
  ])('tells the query of %s', (wanted, names) => {
    const { parameters } = operations.find(({ route }) => route === wanted)!;
    const declared = parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name);
    expect(declared.sort()).toEqual(names.split(' ').sort());
  });

  it.each([
    ['POST', '/instances', Buffer.alloc(0), 400],
    ['POST', '/tools/find', '{"Level":"Study","Query":{}}', 200],
    ['POST', '/tools/count-resources', '{"Level":"Study","Query":{}}', 200],
    ['POST', '/tools/lookup', 'nothing', 200],
    ['POST', '/tools/bulk-delete', '{"Resources":[]}', 200],
    ['POST', '/tools/create-archive', '[]', 200],
    ['POST', '/tools/invalidate-tags', '', 200],
    ['POST', '/tools/execute-script', '', 403],
    ['POST', '/studies/x/update-dicomweb-cache', '', 200],
    ['PUT', '/peers/other', '["http://127.0.0.1/"]', 200],
    ['GET', '/', undefined, 307],
    ['GET', '/ohif', undefined, 307],
  ])('%s %s is answered by a status that is described', async (method, path, body, status) => {
    expect((await writing.send(method, path, body)).status).toBe(status);
    const template = path.replace('/studies/x/', '/studies/{id}/').replace('/peers/other', '/peers/{id}');
    const { responses } = operations.find(({ route }) => route === `${method} ${template}`)!;
    expect(responses).toHaveProperty(String(status in responses ? status : 'default'));
  });

  it('has schemas as OpenAPI 3.0 has them, and only references that lead somewhere', () => {
    const ajv = new Ajv({ strict: false });
    formats.default(ajv);
    const isSchema = ajv.compile(JSON.parse(readFileSync(SCHEMA_OBJECT, 'utf8')) as object);
    const schemas = [...schemasIn(document.paths), ...Object.values(document.components?.schemas ?? {})];
    for (const schema of schemas.filter((each) => !('$ref' in each))) {
      expect({ schema, wrong: isSchema(schema) ? null : isSchema.errors }).toEqual({ schema, wrong: null });
    }
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(\w+)\/(\w+)"/g)];
    expect(references.length).toBeGreaterThan(operations.length);
    for (const [, kind, name] of references) expect(document.components).toHaveProperty([kind!, name!]);
  });
});

/** A path as OpenAPI writes it. */
function templated(path: string): string {
  return path.replaceAll(/:(\w+)/g, '{$1}').replace(/\*$/, '{path}');
}

/** All values of fields `schema`. */
function schemasIn(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => (key === 'schema' ? [each as object] : schemasIn(each)));
}
