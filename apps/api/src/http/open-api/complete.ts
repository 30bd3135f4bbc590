import type { OpenAPIObject } from '@nestjs/swagger';
import { successStatus } from '../answers/success-status.js';
import { contentOf } from './answers.js';
import { withComponents } from './components.js';
import { ERROR_RESPONSE, ERROR_SCHEMA } from './error-response.js';
import { NAMES } from './shared-schemas.js';

type Paths = OpenAPIObject['paths'];
type PathItem = Paths[string];
type Operation = NonNullable<PathItem['get']>;
type Response = NonNullable<Operation['responses'][string]>;
type Parameters = NonNullable<Operation['parameters']>;

const METHODS = ['get', 'put', 'post', 'delete', 'options'] as const;

/**
 * The description with what decorators leave out or get wrong, because it follows from the routes: the parameters of
 * paths, the statuses of successes, what errors look like, identifiers of operations, which are used once, components,
 * and the paths that only lead on.
 * @param leadsOn whether GET on a path that is no route lists the names below it
 */
export function completed(document: OpenAPIObject, leadsOn: (path: string) => boolean): OpenAPIObject {
  const paths = { ...document.paths, ...folders(Object.keys(document.paths).filter(Boolean), leadsOn) };
  return withComponents({
    ...document,
    paths: Object.fromEntries(Object.entries(paths).map(([path, item]) => [path, completedItem(path, item)])),
    components: {
      ...document.components,
      schemas: { ...document.components?.schemas, Error: ERROR_SCHEMA },
      responses: { ...document.components?.responses, Error: ERROR_RESPONSE },
    },
  });
}

function completedItem(path: string, item: PathItem): PathItem {
  const operations = METHODS.flatMap((method) => {
    const operation = item[method];
    return operation ? [[method, completedOperation(path, method, operation)] as const] : [];
  });
  return { ...item, ...Object.fromEntries(operations) };
}

function completedOperation(path: string, method: string, operation: Operation): Operation {
  const responses: [string, Response][] = Object.entries(operation.responses as Record<string, Response>).map(
    ([status, response]) => [String(successStatus(Number(status))), response],
  );
  return {
    ...operation,
    operationId: [method, ...path.split(/\W+/).filter(Boolean)].join('_'),
    parameters: [...pathParameters(path, operation.parameters), ...othersOf(operation.parameters)],
    responses: { ...Object.fromEntries(responses), default: { $ref: '#/components/responses/Error' } },
  };
}

/** One for each name in the path, as its decorator describes it where there is one. */
function pathParameters(path: string, declared: Parameters = []): Parameters {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => {
    const own = declared.find((each) => !('$ref' in each) && each.in === 'path' && each.name === name);
    return own ?? { name: name!, in: 'path', required: true, schema: { type: 'string' } };
  });
}

function othersOf(declared: Parameters = []): Parameters {
  return declared.filter((each) => '$ref' in each || each.in !== 'path');
}

/** The paths above others that are no routes themselves. */
function folders(paths: readonly string[], leadsOn: (path: string) => boolean): Paths {
  const known = new Set(paths);
  const above = paths.flatMap((path) => {
    const segments = path.split('/');
    return segments.slice(2).map((_, index) => segments.slice(0, index + 2).join('/'));
  });
  const listed = [...new Set(above)].filter((path) => !known.has(path) && leadsOn(path));
  return Object.fromEntries(listed.map((path) => [path, { get: LISTING }]));
}

const LISTING: Operation = {
  summary: 'The names below this path',
  tags: ['System'],
  responses: { 200: { description: '', content: contentOf(['application/json'], NAMES) } },
};
