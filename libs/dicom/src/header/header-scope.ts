import { type DataElement, type DataSet, type Tag } from '../dataset.js';
import { type DicomDictionary } from '../dictionary/dicom-dictionary.js';
import { type DictionaryEntry } from '../dictionary/entry.js';
import { isPrivate } from '../dictionary/tag-text.js';
import { resolveAmbiguousVr } from './ambiguous-vr.js';
import { PrivateCreators } from '../tokenizer/private-creators.js';

const PIXEL_REPRESENTATION: Tag = 0x00280103;

/** What elements of one data set need to know of it; looked for once, when first asked. */
export class HeaderScope {
  private creators?: PrivateCreators;
  private signed?: boolean | null;

  constructor(
    readonly dataset: DataSet,
    private readonly dictionary: DicomDictionary,
  ) {}

  /** The dictionary's entry of an element of this data set. */
  entryOf(element: DataElement): DictionaryEntry | undefined {
    if (!isPrivate(element.tag)) return this.dictionary.lookup(element.tag);
    this.creators ??= this.readCreators();
    return this.dictionary.lookup(element.tag, this.creators.of(element.tag));
  }

  /** Whether pixel values have a sign (PixelRepresentation); undefined when the data set does not tell. */
  get pixelsSigned(): boolean | undefined {
    this.signed ??= this.readSigned();
    return this.signed ?? undefined;
  }

  /** The representation of an element of an implicit VR file; lower case where that is our reading of it. */
  representation(element: DataElement): string {
    const entry = this.entryOf(element);
    if (entry?.supplementary) return element.vr.toLowerCase();
    if (!entry?.alternatives) return element.vr;
    return resolveAmbiguousVr(element.tag, entry.alternatives, this.pixelsSigned);
  }

  private readCreators(): PrivateCreators {
    const creators = new PrivateCreators();
    for (const element of this.dataset.elements) creators.note(element.tag, () => element.bytes ?? Buffer.alloc(0));
    return creators;
  }

  private readSigned(): boolean | null {
    const bytes = this.dataset.elements.find(({ tag }) => tag === PIXEL_REPRESENTATION)?.bytes;
    return bytes && bytes.length >= 2 ? bytes.readUInt16LE(0) === 1 : null;
  }
}
