import { isInt, isNumber, isPort } from 'class-validator';
import { valueType, type ValueType } from './value-type.js';

const isString = (value: unknown): value is string => typeof value === 'string';

/** true or false; as in Orthanc, neither "true" nor 1 will do. */
export const boolean: ValueType<boolean> = valueType(
  'true or false',
  (value) => typeof value === 'boolean',
  (value) => value as boolean,
);

/** A whole number within bounds. */
export function integer(min = 0, max = Number.MAX_SAFE_INTEGER): ValueType<number> {
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  return valueType(
    `a whole number ${range}`,
    (value) => isInt(value) && value >= min && value <= max,
    (value) => value as number,
  );
}

/** A number above zero. */
export const positiveNumber: ValueType<number> = valueType(
  'a number above 0',
  (value) => isNumber(value) && value > 0,
  (value) => value as number,
);

/** A TCP port to listen on. */
export const port: ValueType<number> = valueType(
  'a port number from 1 to 65535',
  (value) => isInt(value) && isPort(String(value)) && value !== 0,
  (value) => value as number,
);

/** Any text. */
export const text: ValueType<string> = valueType('a string', isString, (value) => value as string);

/** A text that messages never repeat. */
export const secret: ValueType<string> = valueType('a string', isString, (value) => value as string, true);

/** A text of a form. */
export function pattern(name: string, form: RegExp, isSecret = false): ValueType<string> {
  return valueType(
    name,
    (value) => isString(value) && form.test(value),
    (value) => value as string,
    isSecret,
  );
}

/** One of some words, in exactly this spelling. */
export function oneOf<const T extends string>(...words: T[]): ValueType<T> {
  const name = words.map((word) => JSON.stringify(word)).join(', ');
  return valueType(
    words.length > 1 ? `one of ${name}` : name,
    (value) => (words as unknown[]).includes(value),
    (value) => value as T,
  );
}
