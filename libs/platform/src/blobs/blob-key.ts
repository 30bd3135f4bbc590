const KEY = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(\.[a-z]+)?$/;

/** Whether a text is a key that blobs have: a UUID in small letters, perhaps with a suffix. */
export function isBlobKey(text: string): boolean {
  return KEY.test(text);
}

const MARK = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether a text is a name that marks have: a UUID in small letters. */
export function isMarkName(text: string): boolean {
  return MARK.test(text);
}

/** The name of a mark. @throws Error where it is none */
export function checkedMark(name: string): string {
  if (!isMarkName(name)) throw new Error('Not the name of a mark');
  return name;
}
