import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file of the page. */
export interface PageFile {
  readonly type: string;
  readonly content: Buffer;
  /** Changes with the content; in quotes (RFC 9110, section 8.8.3). */
  readonly etag: string;
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'application/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};
/** Their media types. */
export const PAGE_TYPES: readonly string[] = Object.values(TYPES).map((type) => type.split(';')[0]!);
const FOLDER = fileURLToPath(new URL('./files', import.meta.url));

/** The files of the web page by their names, read once. */
export function readPageFiles(): ReadonlyMap<string, PageFile> {
  return new Map(readdirSync(FOLDER).map((name) => [name, read(name)]));
}

function read(name: string): PageFile {
  const content = readFileSync(join(FOLDER, name));
  const etag = `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`;
  return { type: TYPES[extname(name)]!, content, etag };
}
