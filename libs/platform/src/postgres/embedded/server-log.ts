import { type FileHandle, open, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';

const LARGEST = 16 * 1024 * 1024;
const TAIL = 4096;

/** The file that PostgreSQL writes its messages to; it outlives this process, as PostgreSQL does. */
export class ServerLog {
  private readonly file: FileHandle;
  private readonly start: number;

  private constructor(file: FileHandle, start: number) {
    this.file = file;
    this.start = start;
  }

  /** Opens the log in a folder, setting a large one aside. */
  static async open(directory: string): Promise<ServerLog> {
    const path = join(directory, 'postgresql.log');
    const size = await stat(path).then(
      (found) => found.size,
      () => 0,
    );
    if (size > LARGEST) await rename(path, `${path}.1`);
    const file = await open(path, 'a+', 0o600);
    return new ServerLog(file, (await file.stat()).size);
  }

  get descriptor(): number {
    return this.file.fd;
  }

  /** The end of what was written since the log was opened. */
  async tail(): Promise<string> {
    const { size } = await this.file.stat();
    const from = Math.max(this.start, size - TAIL);
    const { buffer, bytesRead } = await this.file.read(Buffer.alloc(Math.max(0, size - from)), 0, undefined, from);
    return buffer.toString('utf8', 0, bytesRead).trim();
  }

  async close(): Promise<void> {
    await this.file.close();
  }
}
