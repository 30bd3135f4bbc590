import type { Readable } from 'node:stream';

/** JSON that is ready: a controller that has it as text, or as a stream of it, answers with this, and it goes out as it is. */
export class JsonText {
  constructor(readonly content: string | Readable) {}
}

/** Above this, a list is written with one entry a line: still readable, and several times faster. */
const LONG_LIST = 50;

/** A value as JSON with keys in alphabetical order, indented for people. */
export function renderJson(value: unknown): string {
  const sorted = sortKeys(value);
  if (!Array.isArray(sorted)) return JSON.stringify(sorted, undefined, 3);
  if (sorted.length === 0) return '[]';
  if (sorted.length <= LONG_LIST) return JSON.stringify(sorted, undefined, 3);
  return `[\n${sorted.map((entry) => JSON.stringify(entry)).join(',\n')}\n]`;
}

/** The same value with the keys of every object in alphabetical order; itself where they are so already. */
export function sortKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return mapChanged(value as readonly unknown[], sortKeys);
  if (value instanceof Date || value instanceof JsonText) return value;
  const keys = Object.keys(value);
  let same = true;
  for (let i = 1; i < keys.length && same; i++) same = keys[i - 1]! <= keys[i]!;
  if (!same) keys.sort();
  const source = value as Record<string, unknown>;
  const target: [string, unknown][] = keys.map((key) => {
    const child = sortKeys(source[key]);
    same &&= child === source[key];
    return [key, child];
  });
  return same ? value : Object.fromEntries(target);
}

function mapChanged(list: readonly unknown[], map: (value: unknown) => unknown): readonly unknown[] {
  let result: unknown[] | undefined;
  list.forEach((entry, index) => {
    const mapped = map(entry);
    if (mapped !== entry) (result ??= [...list])[index] = mapped;
  });
  return result ?? list;
}
