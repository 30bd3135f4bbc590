import { type DataElement } from '../dataset.js';
import { ITEM, readTag, SEQUENCE_DELIMITER, UNDEFINED_LENGTH } from './element-header.js';
import { type Fragment } from './elements.js';
import { DicomFormatError } from './errors.js';
import { DEFAULT_LIMITS, type TokenizerLimits } from './limits.js';

const HEADER_LENGTH = 8;

/**
 * Finds the fragments of encapsulated pixel data while the file passes by in chunks, for files too large to be held
 * in memory: what `tokenize` tells about them when it is given the whole file. Looks at eight bytes a fragment.
 */
export class FragmentScanner {
  private readonly found: Fragment[] = [];
  private readonly header = Buffer.alloc(HEADER_LENGTH);
  private filled = 0;
  private content = 0;
  private position = 0;
  private next: number;
  private done = false;

  /**
   * @param pixelData the element as `tokenize` gives it for the beginning of the file
   * @param littleEndian of the data set it stands in
   */
  constructor(
    pixelData: DataElement,
    private readonly littleEndian: boolean,
    private readonly limits: Pick<TokenizerLimits, 'maxElements'> = DEFAULT_LIMITS,
  ) {
    this.next = pixelData.valueOffset;
  }

  /**
   * Take the next bytes of the file, from its first one on.
   * @throws DicomFormatError `structure`, `limit-elements`
   */
  push(chunk: Buffer): void {
    const end = this.position + chunk.length;
    while (!this.done && this.next + this.filled < end) {
      const from = this.next + this.filled - this.position;
      this.filled += chunk.copy(this.header, this.filled, from, from + HEADER_LENGTH - this.filled);
      if (this.filled === HEADER_LENGTH) this.takeHeader();
    }
    this.position = end;
  }

  /** Where the element ends in the file, its delimiter included; undefined until that has passed by. */
  get end(): number | undefined {
    return this.done ? this.next + HEADER_LENGTH : undefined;
  }

  /**
   * The fragments, the basic offset table first, once the whole file has passed by.
   * @throws DicomFormatError `truncated`
   */
  finish(): readonly Fragment[] {
    const beforeAnyContent = this.content === 0 && this.found.length < 2 && this.position === this.next;
    if (!this.done && !beforeAnyContent) throw new DicomFormatError('truncated', 'The DICOM file is truncated');
    return this.found;
  }

  private takeHeader(): void {
    const view = new DataView(this.header.buffer, this.header.byteOffset, HEADER_LENGTH);
    const tag = readTag(view, 0, this.littleEndian);
    const length = view.getUint32(4, this.littleEndian);
    this.filled = 0;
    this.done = tag === SEQUENCE_DELIMITER;
    if (this.done) return;
    if (tag !== ITEM || length === UNDEFINED_LENGTH) {
      throw new DicomFormatError('structure', 'Encapsulated pixel data has something else than fragments');
    }
    if (this.found.length >= this.limits.maxElements) {
      throw new DicomFormatError('limit-elements', 'The DICOM file has too many elements');
    }
    this.found.push({ offset: this.next + HEADER_LENGTH, length });
    this.content += length;
    this.next += HEADER_LENGTH + length;
  }
}
