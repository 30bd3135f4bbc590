/** So many are read side by side. */
const AT_ONCE = 50;

/** Reads things by name, some at a time, and gives them in the order of the names. */
export async function* readInOrder<T>(names: readonly string[], read: (name: string) => Promise<T>): AsyncGenerator<T> {
  for (let at = 0; at < names.length; at += AT_ONCE) yield* await Promise.all(names.slice(at, at + AT_ONCE).map(read));
}
