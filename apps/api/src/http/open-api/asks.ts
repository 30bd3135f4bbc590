import { applyDecorators } from '@nestjs/common';
import { ApiQuery } from '@nestjs/swagger';
import type { Schema } from './schema.js';

/** Says which parameters a route knows in its query. @param required names of those that must be there */
export function Asks(parameters: Readonly<Record<string, Schema>>, required: readonly string[] = []): MethodDecorator {
  return applyDecorators(
    ...Object.entries(parameters).map(([name, { description, ...schema }]) =>
      ApiQuery({
        name,
        required: required.includes(name),
        schema,
        ...(description !== undefined && { description }),
        // flags may be given alone
        ...(schema.type === 'boolean' && { allowEmptyValue: true }),
      }),
    ),
  );
}
