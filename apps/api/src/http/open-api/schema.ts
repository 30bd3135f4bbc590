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
