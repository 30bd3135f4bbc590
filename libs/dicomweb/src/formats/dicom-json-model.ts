/** A data set in the DICOM JSON model (PS3.18 annex F), parsed: attributes by eight hexadecimal digits. */
export type DicomJsonDataSet = Readonly<Record<string, DicomJsonAttribute>>;

/** An attribute: at most one of its values, its bytes or where they are. */
export interface DicomJsonAttribute {
  readonly vr: string;
  readonly Value?: readonly DicomJsonValue[];
  readonly InlineBinary?: string;
  readonly BulkDataURI?: string;
}

/** A value: text, a number, a person name, an item, or null for an empty one among several. */
export type DicomJsonValue = string | number | null | DicomJsonPersonName | DicomJsonDataSet;

/** The component groups of a person name. */
export interface DicomJsonPersonName {
  readonly Alphabetic?: string;
  readonly Ideographic?: string;
  readonly Phonetic?: string;
}
