/**
 * Does something with all items, some at a time; the results are in their order. The first failure ends the others.
 * @param signal what all of it ends with
 * @throws what one failed with, once all have ended; the reason of `signal`
 */
export async function inParallel<T, R>(
  items: Iterable<T> | AsyncIterable<T>,
  atOnce: number,
  signal: AbortSignal,
  work: (item: T, signal: AbortSignal) => Promise<R>,
): Promise<readonly R[]> {
  const failed = new AbortController();
  const over = AbortSignal.any([signal, failed.signal]);
  const running = new Set<Promise<unknown>>();
  const results: R[] = [];
  let failure: { readonly error: unknown } | undefined;
  let count = 0;
  const run = async (item: T, index: number): Promise<void> => {
    try {
      results[index] = await work(item, over);
    } catch (error) {
      failure ??= { error };
      failed.abort(error);
    }
  };
  try {
    for await (const item of items) {
      const started = run(item, count++);
      running.add(started);
      void started.then(() => running.delete(started));
      if (running.size >= atOnce) await Promise.race(running);
      if (over.aborted) break;
    }
  } catch (error) {
    failure ??= { error };
    failed.abort(error);
  }
  await Promise.all(running);
  signal.throwIfAborted();
  if (failure) throw failure.error;
  return results;
}
