import { closeSync, fsync, openSync } from 'node:fs';
import { promisify } from 'node:util';

const fsyncAsync = promisify(fsync);

/**
 * Makes directory entries durable (POSIX: a new file's name is durable once its directory is synced). Callers that come
 * while a sync of the same directory is under way share the next one.
 */
export class DirectorySync {
  private readonly directories = new Map<string, { running: Promise<void>; next?: Promise<void> }>();

  /** Resolves once all entries made in the directory before the call are durable. */
  sync(directory: string): Promise<void> {
    const current = this.directories.get(directory);
    if (!current) return this.start(directory, syncDirectory(directory));
    // the one under way may have begun before the caller's entry was made
    return (current.next ??= current.running.then(
      () => this.start(directory, syncDirectory(directory)),
      () => this.start(directory, syncDirectory(directory)),
    ));
  }

  private start(directory: string, running: Promise<void>): Promise<void> {
    const entry = { running };
    this.directories.set(directory, entry);
    const done = (): void => {
      if (this.directories.get(directory) === entry && !('next' in entry)) this.directories.delete(directory);
    };
    running.then(done, done);
    return running;
  }
}

async function syncDirectory(directory: string): Promise<void> {
  // opening and closing take less than a thread's turn
  const descriptor = openSync(directory, 'r');
  try {
    await fsyncAsync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
