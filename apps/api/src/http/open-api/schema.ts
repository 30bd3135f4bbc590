import type { SchemaObject } from '@nestjs/swagger';

/** What is said of a value (the Schema Object of OpenAPI 3.0). */
export type Schema = SchemaObject;

export function text(description: string, values?: readonly string[]): Schema {
  return { type: 'string', description, ...(values && { enum: [...values] }) };
}

export function flag(description: string): Schema {
  return { type: 'boolean', description };
}

export function whole(
  description: string,
  bounds: { readonly minimum?: number; readonly maximum?: number } = {},
): Schema {
  return { type: 'integer', description, ...bounds };
}

export function real(description: string): Schema {
  return { type: 'number', description };
}

export function texts(description: string, values?: readonly string[]): Schema {
  return { type: 'array', items: { type: 'string', ...(values && { enum: [...values] }) }, description };
}

/** An object whose members have any names, and texts as values. */
export function textsByName(description: string): Schema {
  return { type: 'object', additionalProperties: { type: 'string' }, description };
}

/** @param required names of members that must be there */
export function object(properties: Readonly<Record<string, Schema>>, required: readonly string[] = []): Schema {
  return { type: 'object', properties, ...(required.length > 0 && { required: [...required] }) };
}

/** An object that has these members and no others. @param optional names of members that may be missing */
export function exactly(properties: Readonly<Record<string, Schema>>, optional: readonly string[] = []): Schema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { ...object(properties, required), additionalProperties: false };
}

/** An object whose members have any names. */
export function byName(value: Schema): Schema {
  return { type: 'object', additionalProperties: value };
}

export function listOf(items: Schema): Schema {
  return { type: 'array', items };
}

/** One or more of these: unlike `oneOf`, as an empty list is one of everything. */
export function anyOf(...schemas: readonly Schema[]): Schema {
  return { anyOf: [...schemas] };
}

/** A schema that is a component of this name, to which all of its places refer (`components.ts`). */
export function component(name: string, schema: Schema): Schema {
  return { title: name, ...schema };
}

/** A component from within itself. */
export function reference(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` } as Schema;
}

/** null, which is no type of its own in OpenAPI 3.0. */
export const NULL: Schema = { type: 'string', nullable: true, enum: [null] };
