import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiConsumes } from '@nestjs/swagger';
import type { Schema } from './schema.js';

/** Says that a route reads JSON, which it does whatever the Content-Type. @param required false: nothing may be sent */
export function TakesJson(schema: Schema, required = true): MethodDecorator {
  return applyDecorators(ApiConsumes('application/json'), ApiBody({ schema, required }));
}

/** Says that a route reads a text. */
export function TakesText(description: string, values?: readonly string[]): MethodDecorator {
  const schema = { type: 'string', ...(values && { enum: [...values] }) };
  return applyDecorators(ApiConsumes('text/plain'), ApiBody({ description, schema }));
}

/** Says that a route reads bytes. */
export function TakesBytes(...types: readonly string[]): MethodDecorator {
  return applyDecorators(ApiConsumes(...types), ApiBody({ schema: { type: 'string', format: 'binary' } }));
}
