import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const TYPES = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  ico: 'image/x-icon',
  js: 'application/javascript; charset=utf-8',
  json: 'application/json; charset=utf-8',
  jsonc: 'application/json; charset=utf-8',
  png: 'image/png',
  svg: 'image/svg+xml',
  wasm: 'application/wasm',
  webapp: 'application/x-web-app-manifest+json',
  woff2: 'font/woff2',
  xml: 'application/xml; charset=utf-8',
};
const PACKED = /\.(?:ico|png|woff2)$/;
/** Shorter files gain nothing. */
const WORTHWHILE = 1024;
/** A good size in a second for the largest file. */
const BROTLI_QUALITY = 6;

const gzipped = promisify(gzip);
const brotlied = promisify(brotliCompress);

/**
 * Writes compressed copies (`.gz`, `.br`) beside the files of a folder.
 * @returns what is there: by path below the folder type, entity tag, and the sizes in bytes of the file and its copies
 */
export async function inventory(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const listed = [];
  // zlib works in threads
  await Promise.all(
    files.map(async (path) => {
      const type = TYPES[path.slice(path.lastIndexOf('.') + 1)];
      if (type === undefined) return;
      const bytes = readFileSync(path);
      const sizes = { identity: bytes.length };
      if (!PACKED.test(path) && bytes.length >= WORTHWHILE) {
        const params = {
          [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
          [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
        };
        const copies = { gzip: await gzipped(bytes), br: await brotlied(bytes, { params }) };
        for (const [coding, copy] of Object.entries(copies)) {
          writeFileSync(`${path}.${coding === 'gzip' ? 'gz' : coding}`, copy);
          sizes[coding] = copy.length;
        }
      }
      const digest = createHash('sha256').update(bytes).digest('base64url').slice(0, 22);
      listed.push([relative(folder, path), { type, digest, sizes }]);
    }),
  );
  return Object.fromEntries(listed.sort(([a], [b]) => (a < b ? -1 : 1)));
}
