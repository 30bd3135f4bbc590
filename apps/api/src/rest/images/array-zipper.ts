import type { AnnalConfiguration } from '@annal/platform';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { CONFIGURATION } from '../../tokens.js';
import { Deflater } from '../../zip/deflater.js';
import { zipArchive } from '../../zip/zip-archive.js';
import type { ZipSource } from '../../zip/zip-source.js';
import type { ArrayFile } from './arrays.service.js';

/** What numpy calls an array that has no name. */
const NAME = 'arr_0';
/** Parts that are compressed before they are sent. */
const AHEAD = 4;

/** Compresses arrays while they are sent, into `.npz` files: ZIP archives with the array in them. */
@Injectable()
export class ArrayZipper implements OnApplicationShutdown {
  private readonly deflater = new Deflater();

  constructor(@Inject(CONFIGURATION) private readonly configuration: AnnalConfiguration) {}

  async onApplicationShutdown(): Promise<void> {
    await this.deflater.close();
  }

  /** An error of the array ends the file without a directory. */
  zipped({ size, chunks }: ArrayFile): AsyncGenerator<Buffer, void> {
    const level = this.configuration.Annal.Archives.CompressionLevel;
    const options = { level, deflater: this.deflater, filesAhead: AHEAD, modified: new Date() };
    return zipArchive(only({ name: NAME, size, open: async () => ({ size, pieces: chunks }) }), options);
  }
}

async function* only(source: ZipSource): AsyncGenerator<ZipSource, void> {
  yield source;
}
