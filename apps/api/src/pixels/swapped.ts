import { littleEndianBytes } from '@annal/dicom';
import { Readable } from 'node:stream';

/** Big endian bytes in little endian order as they come. @param width bytes of a number */
export function swapped(stream: Readable, width: 1 | 2 | 4 | 8): Readable {
  return width === 1 ? stream : Readable.from(inOrder(stream as AsyncIterable<Buffer>, width), { objectMode: false });
}

async function* inOrder(stream: AsyncIterable<Buffer>, width: 2 | 4 | 8): AsyncGenerator<Buffer, void> {
  let rest = Buffer.alloc(0);
  for await (const chunk of stream) {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    const whole = bytes.length - (bytes.length % width);
    rest = Buffer.from(bytes.subarray(whole));
    if (whole > 0) yield littleEndianBytes(bytes.subarray(0, whole), width);
  }
  if (rest.length > 0) yield rest;
}
