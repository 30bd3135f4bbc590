/** The in-memory form of a tokenized DICOM data set (PS3.5 section 7): views on the source bytes, nothing decoded. */

/** A tag as one unsigned 32-bit number: (group << 16 | element) >>> 0. */
export type Tag = number;

/**
 * One data element. Offsets count bytes from the start of the file, or of the inflated data set when deflated.
 * Properties may be computed on access: don't copy an element by spreading it.
 */
export interface DataElement {
  readonly tag: Tag;
  /** Two letters. Implicit VR: from the dictionaries, `UN` when unknown. */
  readonly vr: string;
  /** Where the element (its tag) starts. */
  readonly offset: number;
  /** Where its value starts. */
  readonly valueOffset: number;
  /**
   * Bytes of the value as it stands in the file, delimiters excluded; for pixel data beyond the header as declared, and
   * 0 when that is undefined.
   */
  readonly length: number;
  readonly undefinedLength: boolean;
  /** The value's bytes (a view, never a copy); absent for sequences and for pixel data that was not read. */
  readonly bytes?: Buffer;
  /** The items of a sequence (VR SQ, or UN of undefined length: PS3.5 section 6.2.2 note). */
  readonly items?: readonly DataSet[];
  /** Encapsulated pixel data (PS3.5 annex A.4): offset and length of each fragment, the basic offset table first. */
  readonly fragments?: readonly { readonly offset: number; readonly length: number }[];
}

/** A data set or a sequence item: its elements in file order, and what is needed to decode their values. */
export interface DataSet {
  readonly elements: readonly DataElement[];
  readonly littleEndian: boolean;
  /** The defined terms of SpecificCharacterSet (0008,0005) in force, inherited from the parent when absent. */
  readonly characterSets: readonly string[];
}

/** A DICOM file as far as the pixel data. */
export interface DicomFile {
  /** The file meta information (group 0002); empty when the file has none. */
  readonly meta: DataSet;
  /** The data set up to, not including, pixel data (7FE0,0008), (7FE0,0009), (7FE0,0010) at the top level. */
  readonly dataset: DataSet;
  /** Transfer syntax UID in force: from the meta information, else guessed. */
  readonly transferSyntaxUid: string;
  /** The first top-level pixel data element, if there is one. */
  readonly pixelData?: DataElement;
  /** Elements after the pixel data, when the whole file was given. */
  readonly trailing: readonly DataElement[];
}
