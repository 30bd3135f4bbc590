import { isJsonObject, type JsonObject, type JsonValue, setOwn } from '../json.js';
import { type OptionTable } from '../option.js';
import { type ValueType } from '../types/value-type.js';
import { reason } from './files.js';
import { parseObject, toPlainJson } from './relaxed-json.js';
import { type ConfigurationDocument, type ConfigurationSource } from './source.js';

const PREFIX = 'ORTHANC__';

/**
 * Puts the environment over a document read from files: first ORTHANC_JSON, a whole configuration, then each
 * ORTHANC__SECTION__KEY. A part of a name stands for a key without its underscores in any case (STABLE_AGE and
 * STABLEAGE both mean StableAge); a value is JSON or, failing that and for options that are strings, the text itself.
 * Keys set here take relative paths from the working directory.
 */
export function applyEnvironment(
  document: ConfigurationDocument,
  source: ConfigurationSource,
  table: OptionTable,
): ConfigurationDocument {
  const { content, findings } = document;
  const folderOf = new Map(document.folderOf);
  const root = source.environment.ORTHANC_JSON;
  if (root !== undefined) {
    try {
      const overlay = parseObject(toPlainJson(root));
      merge(content, overlay);
      for (const key of Object.keys(overlay)) folderOf.set(key, source.workingDirectory);
    } catch (error) {
      findings.errors.push(`cannot read the configuration in the environment variable ORTHANC_JSON: ${reason(error)}`);
    }
  }
  for (const [name, text] of Object.entries(source.environment).sort()) {
    if (!name.startsWith(PREFIX) || text === undefined) continue;
    const parts = name.slice(PREFIX.length).split('__');
    if (parts.some((part) => part === '')) {
      findings.errors.push(`the environment variable ${name} names no option: write ORTHANC__SECTION__KEY`);
      continue;
    }
    const top = set(content, table, parts, text);
    folderOf.set(top, source.workingDirectory);
  }
  return { ...document, folderOf };
}

function set(target: JsonObject, table: OptionTable, parts: readonly string[], text: string): string {
  const [part = '', ...rest] = parts;
  const key = keyFor(part, [...Object.keys(table), ...Object.keys(target)]);
  const entry = Object.hasOwn(table, key) ? table[key] : undefined;
  const inner = Object.hasOwn(target, key) ? target[key] : undefined;
  if (entry?.kind === 'section' && rest.length > 0) {
    const next = isJsonObject(inner) ? inner : {};
    setOwn(target, key, next);
    set(next, entry.options, rest, text);
    return key;
  }
  const keys = rest.map((one) => keyFor(one, isJsonObject(inner) ? Object.keys(inner) : []));
  const value = valueOf(text, keys, entry?.kind === 'option' ? entry.type : undefined);
  if (keys.length > 0) merge(target, Object.fromEntries([[key, value]]));
  else setOwn(target, key, value);
  return key;
}

function keyFor(part: string, known: readonly string[]): string {
  const plain = part.replaceAll('_', '').toLowerCase();
  const capitalised = part.split('_').map((word) => word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase());
  return known.find((key) => key.toLowerCase() === plain) ?? capitalised.join('');
}

function valueOf(text: string, keys: readonly string[], type: ValueType<unknown> | undefined): JsonValue {
  const asText = nest(keys, text);
  try {
    const asJson = nest(keys, JSON.parse(toPlainJson(text)) as JsonValue);
    return type && !fits(asJson, type) && fits(asText, type) ? asText : asJson;
  } catch {
    return asText;
  }
}

function nest(keys: readonly string[], leaf: JsonValue): JsonValue {
  return keys.reduceRight<JsonValue>((value, key) => Object.fromEntries([[key, value]]), leaf);
}

function fits(value: JsonValue, type: ValueType<unknown>): boolean {
  const problems: string[] = [];
  type.read(value, '', problems);
  return problems.length === 0;
}

function merge(target: JsonObject, overlay: JsonObject): void {
  for (const [key, value] of Object.entries(overlay)) {
    const present = Object.hasOwn(target, key) ? target[key] : undefined;
    if (isJsonObject(present) && isJsonObject(value)) merge(present, value);
    else setOwn(target, key, value);
  }
}
