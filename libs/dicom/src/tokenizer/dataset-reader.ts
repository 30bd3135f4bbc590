import { type DataElement, type Tag } from '../dataset.js';
import { characterSetTerms } from '../charset/terms.js';
import { isPrivateCreator } from '../dictionary/tag-text.js';
import { type ByteSource } from './byte-source.js';
import {
  type ElementHeader,
  ITEM,
  ITEM_DELIMITER,
  readHeader,
  SEQUENCE_DELIMITER,
  UNDEFINED_LENGTH,
} from './element-header.js';
import { EncapsulatedElement, ItemDataSet, SequenceElement, ValueElement } from './elements.js';
import { DicomFormatError } from './errors.js';
import { readFragments } from './fragments.js';
import { implicitVr } from './implicit-vr.js';
import { OpenDataSet, OpenSequence } from './open-levels.js';
import { type ElementEncoding } from './transfer-syntax.js';
import { type VrLookup } from './vr-lookup.js';

const SPECIFIC_CHARACTER_SET: Tag = 0x00080005;
const PIXEL_DATA: Tag = 0x7fe00010;
const FLOAT_PIXEL_DATA: Tag = 0x7fe00008;
const DOUBLE_PIXEL_DATA: Tag = 0x7fe00009;
/** What VR UN of undefined length contains, whatever is around it (PS3.5 section 6.2.2 note 4). */
const INSIDE_UN: ElementEncoding = { explicit: false, littleEndian: true };

/** Reads the data set of a file with a stack of its own, so that nesting can't exhaust the machine's. */
export class DataSetReader {
  pixelData: DataElement | undefined;
  readonly trailing: DataElement[] = [];
  readonly dataset: ItemDataSet;
  private readonly root: OpenDataSet;
  private readonly stack: (OpenDataSet | OpenSequence)[];
  private readonly header: ElementHeader = { tag: 0, vr: '', length: 0, valueOffset: 0 };
  private stopped = false;

  constructor(
    private readonly source: ByteSource,
    private at: number,
    encoding: ElementEncoding,
    private readonly lookup: VrLookup,
  ) {
    this.dataset = new ItemDataSet(encoding.littleEndian, []);
    this.root = new OpenDataSet(this.dataset, encoding, source.totalLength, true);
    this.stack = [this.root];
  }

  /** Read to the end of the file, or to the pixel data when the file isn't wholly there. */
  read(): void {
    for (let level = this.stack.at(-1); level && !this.stopped; level = this.stack.at(-1)) {
      if (this.at >= level.end && this.closeAtEnd(level)) continue;
      if (level instanceof OpenDataSet) this.readElement(level);
      else this.readItem(level);
    }
  }

  /** At the end of a level: close it. False when a delimiter is missing, which reading on will report. */
  private closeAtEnd(level: OpenDataSet | OpenSequence): boolean {
    if (!level.definite && !this.endsAfterHeader(level)) return false;
    this.stack.pop();
    return true;
  }

  /** A file cut right after the header of a top-level sequence counts as whole, as it does for DCMTK. */
  private endsAfterHeader(level: OpenDataSet | OpenSequence): boolean {
    if (this.stack.length !== 2 || !(level instanceof OpenSequence)) return false;
    return this.at === this.source.totalLength && this.at === level.element.valueOffset;
  }

  private readItem(level: OpenSequence): void {
    const { header, source } = this;
    const start = this.at;
    readHeader(source, start, level.end, level.encoding, header);
    const { tag, length, valueOffset } = header;
    this.at = valueOffset;
    if (tag === SEQUENCE_DELIMITER) {
      if (level.definite) return;
      level.element.length = start - level.element.valueOffset;
      this.stack.pop();
      return;
    }
    if (tag !== ITEM) throw new DicomFormatError('structure', 'A DICOM sequence has something else than items');
    source.spend();
    const definite = length !== UNDEFINED_LENGTH;
    if (definite) source.require(valueOffset + length, level.end);
    const item = new ItemDataSet(level.encoding.littleEndian, level.parent.characterSets);
    level.element.items.push(item);
    this.stack.push(new OpenDataSet(item, level.encoding, definite ? valueOffset + length : level.end, definite));
  }

  private readElement(level: OpenDataSet): void {
    const { header, source, at: start } = this;
    readHeader(source, start, level.end, level.encoding, header);
    const { tag, length, valueOffset } = header;
    if (tag >>> 16 === 0xfffe) return this.readDelimiter(level, tag, valueOffset);
    source.spend();
    const vr = level.encoding.explicit ? header.vr : implicitVr(tag, level.creators, this.lookup);
    if (level === this.root && !this.pixelData && isPixelData(tag)) return this.readPixelData(start, vr);
    if (vr === 'SQ' || (vr === 'UN' && length === UNDEFINED_LENGTH && tag !== PIXEL_DATA)) {
      return this.openSequence(level, start, vr);
    }
    level.sink.push(length === UNDEFINED_LENGTH ? this.encapsulated(level, start, vr) : this.value(level, start, vr));
  }

  private readDelimiter(level: OpenDataSet, tag: Tag, valueOffset: number): void {
    if (tag !== ITEM_DELIMITER) throw new DicomFormatError('structure', 'A DICOM item or delimiter is misplaced');
    this.at = valueOffset;
    // Superfluous within an item of known length; at the top level the data set ends here, as for DCMTK
    if (level === this.root) this.stopped = true;
    else if (!level.definite) this.stack.pop();
  }

  private value(level: OpenDataSet, start: number, vr: string): ValueElement {
    const { source } = this;
    const { tag, length, valueOffset } = this.header;
    const end = valueOffset + length;
    if (end > level.end) throw source.overrun(level.end);
    if (length > source.limits.maxValueLength) {
      throw new DicomFormatError('limit-value-length', 'A value of the DICOM file is too long');
    }
    source.require(end, level.end);
    this.at = end;
    if (tag === SPECIFIC_CHARACTER_SET) {
      level.dataset.setCharacterSets(characterSetTerms(source.buffer.subarray(valueOffset, end)));
    } else if (!level.encoding.explicit && isPrivateCreator(tag)) {
      level.creators.note(tag, () => source.buffer.subarray(valueOffset, end));
    }
    return new ValueElement(tag, vr, start, valueOffset, length, source.buffer);
  }

  private encapsulated(level: OpenDataSet, start: number, vr: string): EncapsulatedElement {
    const { tag, valueOffset } = this.header;
    if (tag !== PIXEL_DATA && vr !== 'OB' && vr !== 'OW') {
      throw new DicomFormatError(
        'structure',
        'A DICOM element has an undefined length that its representation forbids',
      );
    }
    const list = readFragments(this.source, valueOffset, level.end, level.encoding.littleEndian);
    this.at = list.end;
    return new EncapsulatedElement(tag, vr, start, valueOffset, list.contentEnd - valueOffset, list.fragments);
  }

  private readPixelData(start: number, vr: string): void {
    const { source, root } = this;
    const { tag, length, valueOffset } = this.header;
    root.sink = this.trailing;
    this.stopped = !source.complete;
    if (length === UNDEFINED_LENGTH) {
      this.pixelData = this.stopped
        ? new EncapsulatedElement(tag, vr, start, valueOffset, 0, undefined)
        : this.encapsulated(root, start, vr);
      return;
    }
    if (valueOffset + length > source.totalLength) throw source.overrun(source.totalLength);
    this.pixelData = new ValueElement(tag, vr, start, valueOffset, length, source.buffer);
    this.at = valueOffset + length;
  }

  private openSequence(level: OpenDataSet, start: number, vr: string): void {
    const { source } = this;
    const { tag, length, valueOffset } = this.header;
    if (this.stack.length > 2 * source.limits.maxDepth) {
      throw new DicomFormatError('limit-depth', 'The sequences of the DICOM file are nested too deeply');
    }
    const undefinedLength = length === UNDEFINED_LENGTH;
    const cut = level === this.root && valueOffset === source.totalLength;
    const end = undefinedLength || cut ? level.end : valueOffset + length;
    source.require(undefinedLength ? valueOffset : end, level.end);
    const element = new SequenceElement(
      tag,
      vr,
      start,
      valueOffset,
      undefinedLength || cut ? 0 : length,
      undefinedLength,
    );
    level.sink.push(element);
    this.at = valueOffset;
    const encoding = vr === 'UN' ? INSIDE_UN : level.encoding;
    this.stack.push(new OpenSequence(element, level.dataset, encoding, end, !undefinedLength));
  }
}

const isPixelData = (tag: Tag): boolean => tag === PIXEL_DATA || tag === FLOAT_PIXEL_DATA || tag === DOUBLE_PIXEL_DATA;
