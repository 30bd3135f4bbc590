/** An entry's place and sizes, as the central directory tells them. */
export interface EntryRecord {
  /** Path with `/` between folders; at most 65,535 bytes in UTF-8. */
  readonly name: Buffer;
  /** Whether the name has characters beyond ASCII. */
  readonly utf8: boolean;
  readonly modified: Date;
  /** 0: stored, 8: deflated. */
  readonly method: 0 | 8;
  /** Whether CRC and sizes follow the data, because the local header was sent before they were known. */
  readonly streamed: boolean;
  /** Whether the local header was written in the form for more than 4 GiB. */
  readonly zip64: boolean;
  readonly crc: number;
  readonly compressedSize: number;
  readonly size: number;
  /** Where the local header starts. */
  readonly offset: number;
}

const MAX_16 = 0xffff;
const MAX_32 = 0xffffffff;
const ZIP64_EXTRA = 1;
const VERSION = 20;
const VERSION_ZIP64 = 45;
const FLAG_STREAMED = 1 << 3;
const FLAG_UTF8 = 1 << 11;
/** Comment in the end of the archive. */
const COMMENT = Buffer.from('Created by Annal');

/** Whether an entry of this size may need more than 32 bits, deflate making it a little larger at worst. */
export function needsZip64(size: number): boolean {
  return size + Math.ceil(size / 1000) + 1024 >= MAX_32;
}

/** The local header in front of an entry's data (APPNOTE.TXT section 4.3.7). */
export function localHeader(entry: EntryRecord): Buffer {
  const extra = entry.zip64 ? 20 : 0;
  const header = Buffer.alloc(30 + entry.name.length + extra);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(entry.zip64 ? VERSION_ZIP64 : VERSION, 4);
  writeCommon(header, 6, entry, entry.streamed);
  header.writeUInt16LE(extra, 28);
  entry.name.copy(header, 30);
  if (entry.zip64) {
    header.fill(0xff, 18, 26);
    const sizes = entry.streamed ? [0, 0] : [entry.size, entry.compressedSize];
    zip64Extra(sizes).copy(header, 30 + entry.name.length);
  }
  return header;
}

/** CRC and sizes behind the data of a streamed entry (section 4.3.9). */
export function dataDescriptor({ crc, compressedSize, size, zip64 }: EntryRecord): Buffer {
  const descriptor = Buffer.alloc(zip64 ? 24 : 16);
  descriptor.writeUInt32LE(0x08074b50, 0);
  descriptor.writeUInt32LE(crc, 4);
  if (zip64) {
    descriptor.writeBigUInt64LE(BigInt(compressedSize), 8);
    descriptor.writeBigUInt64LE(BigInt(size), 16);
  } else {
    descriptor.writeUInt32LE(compressedSize, 8);
    descriptor.writeUInt32LE(size, 12);
  }
  return descriptor;
}

/** The entry in the central directory (section 4.3.12). */
export function centralHeader(entry: EntryRecord): Buffer {
  const large = [entry.size, entry.compressedSize, entry.offset].filter((value) => value >= MAX_32);
  const extra = large.length > 0 ? zip64Extra(large) : Buffer.alloc(0);
  const header = Buffer.alloc(46 + entry.name.length);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(VERSION_ZIP64, 4);
  header.writeUInt16LE(entry.zip64 || large.length > 0 ? VERSION_ZIP64 : VERSION, 6);
  writeCommon(header, 8, entry, false);
  header.writeUInt16LE(extra.length, 30);
  header.writeUInt32LE(Math.min(entry.offset, MAX_32), 42);
  entry.name.copy(header, 46);
  return extra.length > 0 ? Buffer.concat([header, extra]) : header;
}

/** What ends the archive, with the records for large ones where they are needed (sections 4.3.14 to 4.3.16). */
export function endOfArchive(entries: number, directoryOffset: number, directorySize: number): Buffer {
  const end = Buffer.alloc(22 + COMMENT.length);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Math.min(entries, MAX_16), 8);
  end.writeUInt16LE(Math.min(entries, MAX_16), 10);
  end.writeUInt32LE(Math.min(directorySize, MAX_32), 12);
  end.writeUInt32LE(Math.min(directoryOffset, MAX_32), 16);
  end.writeUInt16LE(COMMENT.length, 20);
  COMMENT.copy(end, 22);
  if (entries < MAX_16 && directorySize < MAX_32 && directoryOffset < MAX_32) return end;
  return Buffer.concat([zip64End(entries, directoryOffset, directorySize), end]);
}

function zip64End(entries: number, directoryOffset: number, directorySize: number): Buffer {
  const end = Buffer.alloc(56 + 20);
  end.writeUInt32LE(0x06064b50, 0);
  end.writeBigUInt64LE(44n, 4);
  end.writeUInt16LE(VERSION_ZIP64, 12);
  end.writeUInt16LE(VERSION_ZIP64, 14);
  end.writeBigUInt64LE(BigInt(entries), 24);
  end.writeBigUInt64LE(BigInt(entries), 32);
  end.writeBigUInt64LE(BigInt(directorySize), 40);
  end.writeBigUInt64LE(BigInt(directoryOffset), 48);
  end.writeUInt32LE(0x07064b50, 56);
  end.writeBigUInt64LE(BigInt(directoryOffset + directorySize), 64);
  end.writeUInt32LE(1, 72);
  return end;
}

/** Flags, method, time, CRC, sizes and the name's length, which stand alike in both headers of an entry. */
function writeCommon(header: Buffer, at: number, entry: EntryRecord, unknown: boolean): void {
  const { modified, name, streamed, utf8, method } = entry;
  header.writeUInt16LE((streamed ? FLAG_STREAMED : 0) | (utf8 ? FLAG_UTF8 : 0), at);
  header.writeUInt16LE(method, at + 2);
  const time = (modified.getHours() << 11) | (modified.getMinutes() << 5) | (modified.getSeconds() >> 1);
  const year = Math.min(Math.max(modified.getFullYear() - 1980, 0), 127);
  header.writeUInt16LE(time, at + 4);
  header.writeUInt16LE((year << 9) | ((modified.getMonth() + 1) << 5) | modified.getDate(), at + 6);
  header.writeUInt16LE(name.length, at + 20);
  if (unknown) return;
  header.writeUInt32LE(entry.crc, at + 8);
  header.writeUInt32LE(Math.min(entry.compressedSize, MAX_32), at + 12);
  header.writeUInt32LE(Math.min(entry.size, MAX_32), at + 16);
}

function zip64Extra(values: readonly number[]): Buffer {
  const extra = Buffer.alloc(4 + 8 * values.length);
  extra.writeUInt16LE(ZIP64_EXTRA, 0);
  extra.writeUInt16LE(8 * values.length, 2);
  values.forEach((value, index) => extra.writeBigUInt64LE(BigInt(value), 4 + 8 * index));
  return extra;
}
