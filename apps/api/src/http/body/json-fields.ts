import { OrthancError } from '../errors/http-errors.js';
import type { JsonObject } from './read-json.js';

/** A Boolean field of a JSON body. @throws OrthancError 400 for another type */
export function booleanField(body: JsonObject, name: string, absent: boolean): boolean {
  const value = body[name];
  if (value !== undefined && typeof value !== 'boolean') {
    throw new OrthancError('BadFileFormat', `Boolean value expected in field: ${name}`);
  }
  return value ?? absent;
}

/** A text field of a JSON body. @throws OrthancError 400 for another type */
export function textField(body: JsonObject, name: string): string | undefined {
  const value = body[name];
  if (value !== undefined && typeof value !== 'string') {
    throw new OrthancError('BadFileFormat', `String value expected in field: ${name}`);
  }
  return value;
}

/** A field that must be a list of texts. @throws OrthancError 400 */
export function textsField(body: JsonObject, name: string): readonly string[] {
  const value = body[name];
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value;
  throw new OrthancError('BadFileFormat', `List of strings expected in field: ${name}`);
}
