/** So many characters are kept at least, and twice as many at most, of one byte each unless names need two. */
const CAPACITY = 12_000_000;
/** Longer texts are not kept. */
const WORTH_KEEPING = 16_384;

/** Texts of one presentation by the version of the resource that they show. */
interface Shelf {
  current: Map<string, string>;
  before: Map<string, string>;
}

/**
 * What resources were last written as: the same lists are asked for again and again, and few of their resources have
 * changed. A text stands under a version that is never given twice, so that it need not be taken away.
 */
export class KnownTexts {
  private readonly shelves = new Map<string, Shelf>();
  private size = 0;

  constructor(private readonly capacity = CAPACITY) {}

  /** @param presentation everything that decides how a version is written */
  get(presentation: string, version: string): string | undefined {
    const shelf = this.shelves.get(presentation);
    if (!shelf) return undefined;
    const text = shelf.current.get(version);
    if (text !== undefined) return text;
    const older = shelf.before.get(version);
    if (older === undefined) return undefined;
    shelf.before.delete(version);
    this.keep(shelf, version, older);
    return older;
  }

  set(presentation: string, version: string, text: string): void {
    if (text.length > WORTH_KEEPING) return;
    let shelf = this.shelves.get(presentation);
    if (!shelf) this.shelves.set(presentation, (shelf = { current: new Map(), before: new Map() }));
    this.keep(shelf, version, compact(text));
  }

  private keep(shelf: Shelf, version: string, text: string): void {
    // several requests at once may find it missing
    if (shelf.current.has(version)) return;
    shelf.current.set(compact(version), text);
    this.size += version.length + text.length;
    if (this.size >= this.capacity) this.age();
  }

  /** What was not asked for since the last time goes. */
  private age(): void {
    for (const [presentation, shelf] of this.shelves) {
      if (shelf.current.size === 0) this.shelves.delete(presentation);
      shelf.before = shelf.current;
      shelf.current = new Map();
    }
    this.size = 0;
  }
}

/** Through bytes: a text that was put together would keep all its pieces, one that was cut from another the whole of it. */
function compact(text: string): string {
  return Buffer.from(text).toString();
}
