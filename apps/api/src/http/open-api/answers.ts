import { ApiOkResponse } from '@nestjs/swagger';
import { type Schema, text } from './schema.js';

type Content = Readonly<Record<string, { readonly schema: Schema }>>;

/** What stands in the description of an answer without a body. */
export const EMPTY = 'An empty body';

/** Says that a route answers with JSON. */
export function AnswersJson(schema: Schema, description = ''): MethodDecorator {
  return ApiOkResponse({ description, content: contentOf(['application/json'], schema) });
}

/** Says that a route answers with a text. */
export function AnswersText(description: string, values?: readonly string[]): MethodDecorator {
  return ApiOkResponse({ description, content: { 'text/plain': { schema: text(description, values) } } });
}

/** Says that a route answers with bytes, or a document, of one of these media types. @param json the schema of those that are JSON */
export function AnswersBytes(types: readonly string[], json?: Schema): MethodDecorator {
  return ApiOkResponse({ description: '', content: contentOf(types, json) });
}

/** Says that a route answers with a status alone. */
export function AnswersNothing(): MethodDecorator {
  return ApiOkResponse({ description: EMPTY });
}

/** An answer of one of these media types. @param json the schema of those that are JSON */
export function contentOf(types: readonly string[], json: Schema = {}): Content {
  return Object.fromEntries(types.map((type) => [type, { schema: schemaOf(type, json) }]));
}

function schemaOf(type: string, json: Schema): Schema {
  if (/^[^;]*json$/.test(type)) return json;
  return /^(text\/[^;]*|[^;]*(xml|javascript))$/.test(type) ? { type: 'string' } : { type: 'string', format: 'binary' };
}
