import { crc32, deflateRawSync } from 'node:zlib';

/** An entry of a ZIP archive as a test describes it; what is not said is as it should be. */
export interface ZipEntry {
  readonly name: string;
  readonly content?: Buffer;
  /** Stored as it is, not deflated. */
  readonly stored?: boolean;
  /** The uncompressed size it claims. */
  readonly claimedSize?: number;
  readonly encrypted?: boolean;
  /** Points to the data of the entry with this index instead of having some of its own. */
  readonly sharesDataOf?: number;
}

/** Writes a ZIP archive, or something near one (APPNOTE.TXT sections 4.3 and 4.4). */
export function buildZip(entries: readonly ZipEntry[]): Buffer {
  const local: Buffer[] = [];
  const offsets: number[] = [];
  const directory: Buffer[] = [];
  const datas: Buffer[] = [];
  let offset = 0;
  entries.forEach((entry, index) => {
    const content =
      entry.sharesDataOf === undefined ? (entry.content ?? Buffer.alloc(0)) : entries[entry.sharesDataOf]!.content!;
    const data =
      entry.sharesDataOf === undefined
        ? entry.stored
          ? content
          : deflateRawSync(content)
        : datas[entry.sharesDataOf]!;
    datas.push(data);
    const fields = entryFields(entry, content, data);
    const name = Buffer.from(entry.name);
    if (entry.sharesDataOf === undefined) {
      offsets.push(offset);
      const header = Buffer.concat([Buffer.from('PK\x03\x04'), fields, uint16(name.length), uint16(0), name, data]);
      local.push(header);
      offset += header.length;
    } else {
      offsets.push(offsets[entry.sharesDataOf]!);
    }
    directory.push(
      Buffer.concat([
        Buffer.from('PK\x01\x02'),
        uint16(20),
        fields,
        uint16(name.length),
        Buffer.alloc(12),
        uint32(offsets[index]!),
        name,
      ]),
    );
  });
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([...local, ...directory, endOfDirectory(entries.length, size, offset)]);
}

function entryFields({ encrypted, stored, claimedSize }: ZipEntry, content: Buffer, data: Buffer): Buffer {
  return Buffer.concat([
    uint16(20),
    uint16(encrypted ? 1 : 0),
    uint16(stored ? 0 : 8),
    Buffer.alloc(4),
    uint32(crc32(content)),
    uint32(data.length),
    uint32(claimedSize ?? content.length),
  ]);
}

/** With the 64-bit form in front, which archives of many entries need. */
function endOfDirectory(count: number, size: number, offset: number): Buffer {
  const wide = Buffer.concat([
    Buffer.from('PK\x06\x06'),
    uint64(44),
    uint16(45),
    uint16(45),
    Buffer.alloc(8),
    uint64(count),
    uint64(count),
    uint64(size),
    uint64(offset),
    Buffer.from('PK\x06\x07'),
    uint32(0),
    uint64(offset + size),
    uint32(1),
  ]);
  const few = Math.min(count, 0xffff);
  const end = [
    Buffer.from('PK\x05\x06'),
    Buffer.alloc(4),
    uint16(few),
    uint16(few),
    uint32(size),
    uint32(offset),
    uint16(0),
  ];
  return Buffer.concat(count > 0xfffe ? [wide, ...end] : end);
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
