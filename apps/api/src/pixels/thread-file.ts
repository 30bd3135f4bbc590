/** The file of a thread beside this one, by its name. */
export function threadFile(name: string): URL {
  return new URL(`./${name}.js`, import.meta.url);
}
