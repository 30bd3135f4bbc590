import type { OpenAPIObject } from '@nestjs/swagger';
import type { Schema } from './schema.js';

/**
 * The description with each schema that has a title as a component of that name, and a reference in each of its places.
 * @throws Error where a name stands for two schemas
 */
export function withComponents(document: OpenAPIObject): OpenAPIObject {
  const found = new Map<string, Schema>();
  const paths = referring(document.paths, found) as OpenAPIObject['paths'];
  const schemas = {
    ...document.components?.schemas,
    ...Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
  return { ...document, paths, components: { ...document.components, schemas } };
}

function referring(value: unknown, found: Map<string, Schema>): unknown {
  if (Array.isArray(value)) return value.map((each) => referring(each, found));
  if (typeof value !== 'object' || value === null) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([key, each]) => [key, referring(each, found)]));
  if (typeof copy.title !== 'string') return copy;
  const { title, ...schema } = copy;
  const known = found.get(title);
  if (known && JSON.stringify(known) !== JSON.stringify(schema)) throw new Error(`Two schemas are called ${title}`);
  found.set(title, schema);
  return { $ref: `#/components/schemas/${title}` };
}
