/** Directory records of instances other than images, by what they say besides InstanceNumber (PS3.3 sections F.5.19 on). */
export interface RecordType {
  /** Directory Record Type (0004,1430). */
  readonly name: string;
  /** Elements that are always written, empty where the instance lacks them: types 1 and 2. */
  readonly required: readonly number[];
  /** Elements that are written where the instance has them: type 1C. */
  readonly conditional?: readonly number[];
}

const INSTANCE_NUMBER = 0x00200013;
const CONTENT_TIME = [0x00080023, 0x00080033];
/** Content Identification Macro (PS3.3 table 10-12). */
const CONTENT_IDENTIFICATION = [INSTANCE_NUMBER, 0x00700080, 0x00700081, 0x00700084];
const CONCEPT_NAME = 0x0040a043;
const CONTENT_SEQUENCE = 0x0040a730;
const identified = (name: string): RecordType => ({ name, required: [...CONTENT_TIME, ...CONTENT_IDENTIFICATION] });

/** What images, and all that has no record type of its own, are listed as (section F.5.4). */
const IMAGE: RecordType = { name: 'IMAGE', required: [INSTANCE_NUMBER] };
const RT_DOSE: RecordType = { name: 'RT DOSE', required: [INSTANCE_NUMBER, 0x3004000a] };
const RT_STRUCTURE_SET: RecordType = {
  name: 'RT STRUCTURE SET',
  required: [INSTANCE_NUMBER, 0x30060002, 0x30060008, 0x30060009],
};
const RT_PLAN: RecordType = { name: 'RT PLAN', required: [INSTANCE_NUMBER, 0x300a0002, 0x300a0006, 0x300a0007] };
const RT_TREATMENT: RecordType = { name: 'RT TREAT RECORD', required: [INSTANCE_NUMBER, 0x30080250, 0x30080251] };
const PRESENTATION: RecordType = {
  name: 'PRESENTATION',
  required: [0x00700082, 0x00700083, ...CONTENT_IDENTIFICATION],
  conditional: [0x00081115, 0x00700402],
};
const WAVEFORM: RecordType = { name: 'WAVEFORM', required: [INSTANCE_NUMBER, ...CONTENT_TIME] };
const SR_DOCUMENT: RecordType = {
  name: 'SR DOCUMENT',
  required: [INSTANCE_NUMBER, 0x0040a491, 0x0040a493, ...CONTENT_TIME, CONCEPT_NAME],
  conditional: [0x0040a030, CONTENT_SEQUENCE],
};
const KEY_OBJECT: RecordType = {
  name: 'KEY OBJECT DOC',
  required: [INSTANCE_NUMBER, ...CONTENT_TIME, CONCEPT_NAME],
  conditional: [CONTENT_SEQUENCE],
};
const SPECTROSCOPY: RecordType = {
  name: 'SPECTROSCOPY',
  required: [0x00080008, ...CONTENT_TIME, INSTANCE_NUMBER, 0x00280008, 0x00280010, 0x00280011, 0x00289001, 0x00289002],
};
const RAW_DATA: RecordType = { name: 'RAW DATA', required: [...CONTENT_TIME, INSTANCE_NUMBER] };
const REGISTRATION = identified('REGISTRATION');
const FIDUCIAL = identified('FIDUCIAL');
const VALUE_MAP = identified('VALUE MAP');
const SURFACE = identified('SURFACE');
const ENCAPSULATED: RecordType = {
  name: 'ENCAP DOC',
  required: [...CONTENT_TIME, INSTANCE_NUMBER, 0x00420010, CONCEPT_NAME, 0x00420012],
  conditional: [0x0040e001],
};

const STORAGE = '1.2.840.10008.5.1.4.1.1.';
/** The rest of the SOP Class UIDs that are no images (PS3.4 section B.5), behind `1.2.840.10008.5.1.4.1.1.`. */
const BY_CLASS: ReadonlyMap<string, RecordType> = new Map(
  (
    [
      ['481.2', RT_DOSE],
      ['481.3', RT_STRUCTURE_SET],
      ['481.5 481.8', RT_PLAN],
      ['481.4 481.6 481.7 481.9', RT_TREATMENT],
      ['11.1 11.2 11.3 11.4 11.5 11.6 11.7 11.8 11.9 11.10 11.11 11.12', PRESENTATION],
      ['9.1.1 9.1.2 9.1.3 9.1.4 9.2.1 9.3.1 9.4.1 9.4.2 9.5.1 9.6.1 9.6.2 9.7.1 9.7.2 9.8.1 9.100.1 9.100.2', WAVEFORM],
      [
        '88.1 88.2 88.3 88.4 88.11 88.22 88.33 88.34 88.35 88.40 88.50 88.65 88.67 88.68 88.69 88.70 88.71',
        SR_DOCUMENT,
      ],
      ['88.72 88.73 88.74 88.75 88.76', SR_DOCUMENT],
      ['88.59', KEY_OBJECT],
      ['4.2', SPECTROSCOPY],
      ['66', RAW_DATA],
      ['66.1 66.3', REGISTRATION],
      ['66.2', FIDUCIAL],
      ['66.5 68.1 68.2', SURFACE],
      ['67', VALUE_MAP],
      ['104.1 104.2 104.3 104.4 104.5', ENCAPSULATED],
    ] as const
  ).flatMap(([endings, type]) => endings.split(' ').map((ending) => [STORAGE + ending, type] as const)),
);

/** The directory record type of an instance by its SOP Class UID (PS3.3 section F.4). */
export function recordTypeOf(sopClassUid: string): RecordType {
  return BY_CLASS.get(sopClassUid) ?? IMAGE;
}
