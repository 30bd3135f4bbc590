import { JsonText } from '../../http/json/render-json.js';

/** Above this, characters, an answer is not indented. */
const LEGIBLE = 8192;

/** The JSON text of a list that comes in batches: those of a long one are kept as bytes, outside the heap. */
export class ListText {
  private readonly pieces: Buffer[] = [];
  private last = '';
  private count = 0;

  /** How many entries there are so far. */
  get length(): number {
    return this.count;
  }

  /** Adds entries, each of which is JSON. */
  add(entries: readonly string[]): void {
    if (entries.length === 0) return;
    if (this.last !== '') this.pieces.push(Buffer.from(`${this.pieces.length === 0 ? '[\n' : ''}${this.last},\n`));
    this.last = entries.join(',\n');
    this.count += entries.length;
  }

  /** The list; indented if it is short. */
  end(): JsonText {
    if (this.count === 0) return new JsonText('[]');
    if (this.pieces.length === 0) return new JsonText(legible(`[\n${this.last}\n]`));
    return new JsonText(Buffer.concat([...this.pieces, Buffer.from(`${this.last}\n]`)]));
  }
}

/** A JSON text indented for people, unless it is long. */
export function legible(text: string): string {
  return text.length > LEGIBLE ? text : JSON.stringify(JSON.parse(text), undefined, 3);
}
