import { type JsonValue } from '../json.js';

/** What the value of an option may be: how documents and messages call it, and how it is read. */
export interface ValueType<out T> {
  /** A noun with its article, as in "wanted a whole number from 1 to 65535". */
  readonly name: string;
  /**
   * Reads a value. What is wrong goes to `problems` as a sentence that starts with `at`, the key's path; the result is
   * then undefined and must not be used.
   */
  read(value: JsonValue, at: string, problems: string[]): T | undefined;
  /** Whether messages must not repeat the value. */
  readonly secret?: boolean;
}

/** How a message calls a value that was found: its kind and, unless it is secret, the value (shortened). */
export function found(value: JsonValue, secret = false): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object') return 'an object';
  const shown = JSON.stringify(value);
  return `the ${typeof value}${secret ? '' : ` ${shown.length > 60 ? `${shown.slice(0, 60)}…` : shown}`}`;
}

/** A type that takes what `accepts` lets through, as it is. */
export function valueType<T>(
  name: string,
  accepts: (value: JsonValue) => boolean,
  convert: (value: JsonValue) => T,
  secret = false,
): ValueType<T> {
  return {
    name,
    secret,
    read(value, at, problems) {
      if (accepts(value)) return convert(value);
      problems.push(`${at}: found ${found(value, secret)}, wanted ${name}`);
      return undefined;
    },
  };
}
