/** The file of a thread, by its path within this folder, without an ending. */
export function threadFile(path: string): URL {
  return new URL(`./${path}.js`, import.meta.url);
}
