import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import { parse } from 'yaml';

const DOCS = join(import.meta.dirname, '../../docs');

/** What of an AsyncAPI document the tests look at. */
export interface AsyncApi {
  readonly channels: Readonly<
    Record<string, { readonly address: string; readonly messages: Readonly<Record<string, { readonly $ref: string }>> }>
  >;
  readonly components: {
    readonly messages: Readonly<Record<string, { readonly name: string }>>;
    readonly schemas: Readonly<Record<string, { readonly properties?: object; readonly required?: readonly string[] }>>;
  };
}

/** The document of our topics, docs/asyncapi.yaml. */
export const asyncApi = parse(readFileSync(join(DOCS, 'asyncapi.yaml'), 'utf8')) as AsyncApi;
/** The JSON schema of published changes. */
export const changeSchema = schema('annal.change.v1.json');
/** The JSON schema of operators' decisions. */
export const skipSchema = schema('annal.skip.json');

const ajv = new Ajv({ allErrors: true });
formats.default(ajv);
// the document is no schema, but has schemas in it
ajv.addVocabulary(Object.keys(asyncApi));
ajv.addSchema(changeSchema, 'schemas/annal.change.v1.json');
ajv.addSchema(skipSchema, 'schemas/annal.skip.json');
ajv.addSchema(asyncApi, 'asyncapi.yaml');

/** What checks a message's headers or its payload. @param message its key in the document */
export function validatorOf(message: string, part: 'headers' | 'payload'): ValidateFunction {
  return ajv.compile({ $ref: `asyncapi.yaml#/components/messages/${message}/${part}` });
}

/** Expects that a value is as the document says. */
export function expectValid(message: string, part: 'headers' | 'payload', value: unknown): void {
  const validate = validatorOf(message, part);
  validate(value);
  expect(validate.errors ?? []).toEqual([]);
}

function schema(name: string): object {
  return JSON.parse(readFileSync(join(DOCS, 'schemas', name), 'utf8')) as object;
}
