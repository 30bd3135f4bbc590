import { Readable } from 'node:stream';
import { JsonText } from '../../http/json/render-json.js';

/** A list as JSON, of entries that are JSON and come in batches. What takes more than one batch goes out as it comes. */
export async function listText(batches: AsyncIterable<readonly string[]>): Promise<JsonText> {
  const iterator = batches[Symbol.asyncIterator]();
  const [first, second] = [await nextOf(iterator), await nextOf(iterator)];
  if (!first) return new JsonText('[]');
  if (!second) return new JsonText(`[\n${first.join(',\n')}\n]`);
  return new JsonText(Readable.from(pieces(first, second, iterator), { objectMode: false }));
}

/** A JSON text indented for people, alone or as an entry of a list. */
export function legible(text: string, inList = false): string {
  const indented = JSON.stringify(JSON.parse(text), undefined, 3);
  return inList ? indented.replaceAll(/^/gm, '   ') : indented;
}

async function* pieces(
  first: readonly string[],
  second: readonly string[],
  rest: AsyncIterator<readonly string[]>,
): AsyncGenerator<string, void> {
  try {
    yield `[\n${first.join(',\n')}`;
    for (let batch: readonly string[] | undefined = second; batch; batch = await nextOf(rest)) {
      yield `,\n${batch.join(',\n')}`;
    }
    yield '\n]';
  } finally {
    await rest.return?.();
  }
}

/** The next batch that is not empty. */
async function nextOf(iterator: AsyncIterator<readonly string[]>): Promise<readonly string[] | undefined> {
  for (;;) {
    const next = await iterator.next();
    if (next.done) return undefined;
    if (next.value.length > 0) return next.value;
  }
}
