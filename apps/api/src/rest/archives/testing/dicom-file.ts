/** A made-up CT image: its identifiers, and its InstanceNumber. */
export interface MadeFile {
  readonly patient: string;
  readonly study: string;
  readonly series: string;
  readonly instance: string;
  readonly number: number;
}

const CT_IMAGE = '1.2.840.10008.5.1.4.1.1.2';
const LONG: ReadonlySet<string> = new Set(['OB', 'OW']);

/** A DICOM file in Explicit VR Little Endian (PS3.10 section 7.1). @param pixels its pixel data */
export function dicomFile({ patient, study, series, instance, number }: MadeFile, pixels = Buffer.alloc(200)): Buffer {
  const meta = Buffer.concat([
    element(2, 1, 'OB', Buffer.from([0, 1])),
    element(2, 2, 'UI', CT_IMAGE),
    element(2, 3, 'UI', instance),
    element(2, 0x10, 'UI', '1.2.840.10008.1.2.1'),
  ]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(meta.length);
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from('DICM'),
    element(2, 0, 'UL', length),
    meta,
    element(8, 0x16, 'UI', CT_IMAGE),
    element(8, 0x18, 'UI', instance),
    element(8, 0x60, 'CS', 'CT'),
    element(0x10, 0x10, 'PN', `Name^${patient}`),
    element(0x10, 0x20, 'LO', patient),
    element(0x20, 0xd, 'UI', study),
    element(0x20, 0xe, 'UI', series),
    element(0x20, 0x13, 'IS', String(number)),
    element(0x7fe0, 0x10, 'OW', pixels),
  ]);
}

function element(group: number, number: number, vr: string, value: Buffer | string): Buffer {
  const bytes = Buffer.from(value as string);
  const even = bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.from(vr === 'UI' ? '\0' : ' ')]);
  const header = Buffer.alloc(LONG.has(vr) ? 12 : 8);
  header.writeUInt16LE(group, 0);
  header.writeUInt16LE(number, 2);
  header.write(vr, 4, 'latin1');
  if (LONG.has(vr)) header.writeUInt32LE(even.length, 8);
  else header.writeUInt16LE(even.length, 6);
  return Buffer.concat([header, even]);
}
