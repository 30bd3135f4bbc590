import { type Picture } from './picture.js';

/** A picture as a Portable Arbitrary Map (netpbm's `pam`): 16-bit samples with the higher byte first. */
export function pamFile({ width, height, channels, data }: Picture): Buffer {
  const wide = data instanceof Uint16Array;
  const header = Buffer.from(
    `P7\nWIDTH ${width}\nHEIGHT ${height}\nDEPTH ${channels}\nMAXVAL ${wide ? 65535 : 255}\n` +
      `TUPLTYPE ${channels === 1 ? 'GRAYSCALE' : 'RGB'}\nENDHDR\n`,
    'latin1',
  );
  const bytes = Buffer.concat([header, Buffer.from(data.buffer, data.byteOffset, data.byteLength)]);
  if (wide) bytes.subarray(header.length).swap16();
  return bytes;
}
