import { type FileHandle, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { BlobWriter } from '@annal/domain';
import { crashPoint } from '../faults/crash-point.js';
import type { DirectorySync } from './directory-sync.js';

/** A file being written; its name becomes known to anybody only after `commit`. */
export class FileBlobWriter implements BlobWriter {
  private open = true;

  /** @param directories where given, `commit` makes the file durable */
  constructor(
    private readonly path: string,
    private readonly handle: FileHandle,
    private readonly directories: DirectorySync | undefined,
  ) {}

  async write(chunks: readonly Buffer[]): Promise<void> {
    for (const chunk of chunks) {
      let written = 0;
      while (written < chunk.length) {
        written += (await this.handle.write(chunk, written, chunk.length - written)).bytesWritten;
      }
    }
  }

  async end(): Promise<void> {
    // what was written can be read already
  }

  async commit(): Promise<void> {
    await crashPoint('store:blob-written');
    if (this.directories) await this.handle.datasync();
    await this.close();
    if (this.directories) await this.directories.sync(dirname(this.path));
    await crashPoint('store:blob-durable');
  }

  async abort(): Promise<void> {
    await this.close();
    await unlink(this.path).catch(() => undefined);
  }

  private async close(): Promise<void> {
    if (!this.open) return;
    this.open = false;
    await this.handle.close();
  }
}
