/**
 * The items of a source in order, taken from it before they are asked for, as long as there is room. Whoever stops
 * taking them stops the source.
 * @param hasRoom whether one more may be taken while these wait
 */
export async function* readAhead<T>(
  source: AsyncIterable<T>,
  hasRoom: (waiting: readonly T[]) => boolean,
): AsyncGenerator<T, void> {
  const waiting: T[] = [];
  let ended = false;
  let stopped = false;
  let moved: () => void = () => undefined;
  const movement = (): Promise<void> => new Promise((resolve) => (moved = resolve));

  const take = async (): Promise<void> => {
    for await (const item of source) {
      waiting.push(item);
      moved();
      while (!hasRoom(waiting) && !stopped) await movement();
      if (stopped) return;
    }
  };
  const taking = take().finally(() => {
    ended = true;
    moved();
  });
  // it is looked at when everything before has been taken
  taking.catch(() => undefined);
  try {
    for (;;) {
      const item = waiting.shift();
      if (item !== undefined) {
        moved();
        yield item;
      } else if (ended) return await taking;
      else await movement();
    }
  } finally {
    stopped = true;
    moved();
    await taking.catch(() => undefined);
  }
}
