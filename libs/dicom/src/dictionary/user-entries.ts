import { type DictionaryEntry } from './entry.js';
import { isPrivate, parseHexTag } from './tag-text.js';
import { type PrivateLines } from './private-dictionary.js';

/** The option `Dictionary`: `"gggg,eeee": [vr, name, minimum, maximum, private creator]`, the last three optional. */
export type UserDictionary = Readonly<Record<string, readonly (string | number)[]>>;

/** Entries by kind: standard ones as lines "ggggeeee VR VM name", private ones as lines by creator. */
export interface UserEntries {
  readonly publicLines: readonly string[];
  readonly privateLines: PrivateLines;
}

const SHORT_PRIVATE = /^([0-9a-fA-F]{4})[,-]([0-9a-fA-F]{2})$/;
const VR = /^[A-Z]{2}$/;

function multiplicity(minimum: string | number = 1, maximum: string | number = 1): DictionaryEntry['vm'] {
  if (Number(maximum) === 0) return `${minimum}-n`;
  return Number(minimum) === Number(maximum) ? `${minimum}` : `${minimum}-${maximum}`;
}

/** Checks the option `Dictionary`. Private tags may be given as `gggg,ee` and need a creator. Throws an Error naming the tag. */
export function parseUserDictionary(dictionary: UserDictionary): UserEntries {
  const publicLines: string[] = [];
  const privateLines: Record<string, string[]> = {};
  for (const [text, [vr, name, minimum, maximum, creator = '']] of Object.entries(dictionary)) {
    if (typeof vr !== 'string' || !VR.test(vr) || typeof name !== 'string' || name === '') {
      throw new Error(`Dictionary: ${text} needs a value representation and a name`);
    }
    const rest = `${vr} ${multiplicity(minimum, maximum)} ${name}`;
    const [, group, element] = SHORT_PRIVATE.exec(text) ?? [];
    const tag = parseHexTag(group && element ? `${group}00${element}` : text);
    if (tag === undefined) throw new Error(`Dictionary: ${text} is no tag`);
    const digits = tag.toString(16).padStart(8, '0');
    if (isPrivate(tag) && creator !== '') {
      const place = element?.toLowerCase() ?? digits.slice(4);
      (privateLines[String(creator)] ??= []).push(`${digits.slice(0, 4)} ${place} ${rest}`);
    } else {
      publicLines.push(`${digits} ${rest}`);
    }
  }
  return { publicLines, privateLines };
}
