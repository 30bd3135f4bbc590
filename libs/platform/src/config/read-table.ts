import { resolve } from 'node:path';
import { isJsonObject, type JsonObject, type JsonValue, setOwn } from './json.js';
import { type Option, type OptionTable, type ValuesOf } from './option.js';
import { type Findings } from './source/source.js';
import { found } from './types/value-type.js';

/** What reading a table needs beside the values. */
export interface TableReading {
  /** Wrong values are told here. */
  readonly findings: Findings;
  /** Told the path of each key that the table does not have; siblings are the keys it has at that place. */
  unknown(path: string, siblings: readonly string[]): void;
  /** Told of each option that is there, and whether its value differs from the default. */
  present(path: string, option: Option<unknown>, value: unknown): void;
  /** The folder a relative path in this option starts from. */
  folderFor(path: string, option: Option<unknown>): string;
}

/** Reads the values of a table, defaults for what is absent. What is wrong is told and read as its default. */
export function readTable<O extends OptionTable>(
  table: O,
  content: JsonObject,
  reading: TableReading,
  at = '',
): ValuesOf<O> {
  const values = {};
  const path = (key: string): string => (at === '' ? key : `${at}.${key}`);
  for (const key of Object.keys(content)) {
    if (!Object.hasOwn(table, key)) reading.unknown(path(key), Object.keys(table));
  }
  for (const [key, entry] of Object.entries(table)) {
    const value = Object.hasOwn(content, key) ? content[key] : undefined;
    if (entry.kind === 'option') setOwn(values, key, readOption(entry, value, path(key), reading));
    else {
      if (value !== undefined && !isJsonObject(value)) {
        reading.findings.errors.push(`${path(key)}: found ${found(value)}, wanted an object with options`);
      }
      setOwn(values, key, readTable(entry.options, isJsonObject(value) ? value : {}, reading, path(key)));
    }
  }
  return values as ValuesOf<O>;
}

function readOption(
  option: Option<unknown>,
  value: JsonValue | undefined,
  path: string,
  reading: TableReading,
): unknown {
  if (value === undefined) return absolute(option, option.default, path, reading);
  const problems: string[] = [];
  const read = option.type.read(value, path, problems);
  if (problems.length > 0) {
    reading.findings.errors.push(...problems);
    return option.default;
  }
  reading.present(path, option, read);
  return absolute(option, read, path, reading);
}

/** Absolute paths for relative ones; an empty path stays empty. */
function absolute(option: Option<unknown>, value: unknown, path: string, reading: TableReading): unknown {
  if (option.relativeTo === undefined) return value;
  if (Array.isArray(value)) return value.map((one) => absolute(option, one, path, reading));
  if (option.pathIn !== undefined && isJsonObject(value)) {
    const within = { ...option, ...(option.isMap ? { isMap: false } : { pathIn: undefined }) };
    const keys = option.isMap ? Object.keys(value) : [option.pathIn].flat();
    const copy = { ...value };
    for (const key of keys) setOwn(copy, key, absolute(within, value[key], path, reading));
    return copy;
  }
  return typeof value === 'string' && value !== '' ? resolve(reading.folderFor(path, option), value) : value;
}
