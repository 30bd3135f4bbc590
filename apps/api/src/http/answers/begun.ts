/**
 * An answer whose beginning is there already: what fails until then can be answered as an error; afterwards the connection is
 * all that can tell.
 * @throws whatever making the beginning fails with
 */
export async function begun<T>(pieces: AsyncGenerator<T, void>): Promise<AsyncGenerator<T, void>> {
  return following(await pieces.next(), pieces);
}

async function* following<T>(first: IteratorResult<T, void>, rest: AsyncGenerator<T, void>): AsyncGenerator<T, void> {
  try {
    if (!first.done) yield first.value;
    yield* rest;
  } finally {
    await rest.return();
  }
}
