import { type DataElement, type DataSet, type Tag } from '../dataset.js';

/** An element with a value. Its bytes are looked at on demand: a view each would cost more than the element itself. */
export class ValueElement implements DataElement {
  constructor(
    readonly tag: Tag,
    readonly vr: string,
    readonly offset: number,
    readonly valueOffset: number,
    readonly length: number,
    private readonly source: Buffer,
  ) {}

  get undefinedLength(): boolean {
    return false;
  }

  /** Absent when the value isn't wholly within the bytes that were given. */
  get bytes(): Buffer | undefined {
    const end = this.valueOffset + this.length;
    return end <= this.source.length ? this.source.subarray(this.valueOffset, end) : undefined;
  }
}

/** A sequence; its length is known for sure once it is read to its end. */
export class SequenceElement implements DataElement {
  readonly items: ItemDataSet[] = [];

  constructor(
    readonly tag: Tag,
    readonly vr: string,
    readonly offset: number,
    readonly valueOffset: number,
    public length: number,
    readonly undefinedLength: boolean,
  ) {}
}

/** Where a fragment's bytes stand. */
export interface Fragment {
  readonly offset: number;
  readonly length: number;
}

/** Encapsulated pixel data; without fragments while only the header of the file is there. */
export class EncapsulatedElement implements DataElement {
  readonly undefinedLength = true;

  constructor(
    readonly tag: Tag,
    readonly vr: string,
    readonly offset: number,
    readonly valueOffset: number,
    readonly length: number,
    readonly fragments: readonly Fragment[] | undefined,
  ) {}
}

/** A data set or item as it grows. */
export class ItemDataSet implements DataSet {
  readonly elements: DataElement[] = [];
  /** Whether the character sets are its own, not those of the data set around it. */
  private ownCharacterSets = false;

  constructor(
    readonly littleEndian: boolean,
    public characterSets: readonly string[],
  ) {}

  /**
   * The character sets that (0008,0005) of this data set names hold from now on, for the items read before too (the
   * elements of careless writers aren't in order). A second such element changes nothing.
   */
  setCharacterSets(characterSets: readonly string[]): void {
    if (this.ownCharacterSets) return;
    this.ownCharacterSets = true;
    const pending: ItemDataSet[] = [this];
    for (let dataset = pending.pop(); dataset; dataset = pending.pop()) {
      dataset.characterSets = characterSets;
      for (const element of dataset.elements) {
        if (!(element instanceof SequenceElement)) continue;
        for (const item of element.items) if (!item.ownCharacterSets) pending.push(item);
      }
    }
  }
}
