import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtServer } from '../../test/support/s3/built-server.js';

/**
 * What the files of a cluster go to, which is settled at its first start: an S3 server where there is one, else a folder.
 * @returns the path of versitygw, or undefined for a folder
 * @throws Error where files are in S3 and the server for them is not to be had any more
 */
export async function chooseStorage(directory: string): Promise<string | undefined> {
  const file = join(directory, 'storage-kind');
  const settled = existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
  const program = settled === 'filesystem' ? undefined : await builtServer();
  if (settled === 's3' && program === undefined) {
    throw new Error('The files of this cluster are in S3, but there is no Go to build the S3 server with');
  }
  writeFileSync(file, program === undefined ? 'filesystem\n' : 's3\n');
  return program;
}
