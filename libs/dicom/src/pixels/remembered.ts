import { PixelDataError } from './errors.js';

/**
 * Does a task once and remembers how it ended: with a result, or pixel data that is wrong. After any other failure, as
 * where a file could not be read, it is done again.
 */
export function remembered<R>(task: () => Promise<R>): () => Promise<R> {
  let done: Promise<R> | undefined;
  const attempt = async (): Promise<R> => {
    try {
      return await task();
    } catch (error) {
      if (!(error instanceof PixelDataError)) done = undefined;
      throw error;
    }
  };
  return () => (done ??= attempt());
}
