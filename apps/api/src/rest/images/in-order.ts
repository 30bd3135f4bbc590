/** The results of tasks in their order, up to `atOnce` of them under way. Whoever stops taking them starts no more. */
export async function* inOrder<T>(
  tasks: Iterable<() => Promise<T>> | AsyncIterable<() => Promise<T>>,
  atOnce: number,
): AsyncGenerator<T, void> {
  const started: Promise<T>[] = [];
  for await (const task of tasks) {
    const result = task();
    // it is looked at when everything before has been taken
    result.catch(() => undefined);
    started.push(result);
    if (started.length >= atOnce) yield await started.shift()!;
  }
  for (const result of started) yield await result;
}
