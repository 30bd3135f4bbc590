import names from './uids.json' with { type: 'json' };

const NAMES: ReadonlyMap<string, string> = new Map(Object.entries(names));

/** The keyword of a SOP class or transfer syntax of the standard (PS3.6 table A-1). */
export function uidName(uid: string): string | undefined {
  return NAMES.get(uid);
}
