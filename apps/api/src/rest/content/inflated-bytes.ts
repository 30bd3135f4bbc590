import { EXPLICIT_LITTLE_ENDIAN } from '@annal/dicom';
import { between } from '@annal/platform';
import { pipeline, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { createInflateRaw } from 'node:zlib';
import { OrthancError } from '../../http/errors/http-errors.js';
import type { FileBytes } from './file-bytes.js';

/** What a file begins with whose data set is what a deflated one inflates to (PS3.10 section 7.1). */
const HEAD = Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), transferSyntax(EXPLICIT_LITTLE_ENDIAN)]);

/** A deflated file (PS3.5 section A.5) as one that is not: inflated in a stream each time it is read. */
export class InflatedBytes implements FileBytes {
  readonly size = Infinity;
  /** Where the data set starts; offsets in a deflated data set count from there. */
  static readonly dataSetOffset = HEAD.length;

  /** @param deflated opens the deflated data set */
  constructor(private readonly deflated: () => Promise<Readable>) {}

  async read(start: number, end: number): Promise<Buffer> {
    return buffer(await this.stream(start, end));
  }

  async stream(start: number, end: number): Promise<Readable> {
    const inflate = createInflateRaw();
    // an error of either side ends the other
    pipeline(await this.deflated(), inflate, () => undefined);
    const part = Readable.from(between(Readable.from(withHead(inflate)), start, end), { objectMode: false });
    // one that nobody began to read has not begun to inflate either
    return part.once('close', () => inflate.destroy());
  }
}

async function* withHead(dataSet: Readable): AsyncGenerator<Buffer, void> {
  yield HEAD;
  try {
    for await (const chunk of dataSet as AsyncIterable<Buffer>) yield chunk;
  } catch (error) {
    throw isOfZlib(error) ? new OrthancError('BadFileFormat') : error;
  }
}

function isOfZlib(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
}

function transferSyntax(uid: string): Buffer {
  const value = Buffer.from(uid.padEnd(uid.length + (uid.length % 2), '\0'));
  return Buffer.concat([Buffer.from([0x02, 0, 0x10, 0, 0x55, 0x49, value.length, 0]), value]);
}
