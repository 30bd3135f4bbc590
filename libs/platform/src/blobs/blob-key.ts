const KEY = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(\.[a-z]+)?$/;

/** Whether a text is a key that blobs have: a UUID in small letters, perhaps with a suffix. */
export function isBlobKey(text: string): boolean {
  return KEY.test(text);
}
