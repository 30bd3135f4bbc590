import sharp from 'sharp';
import type { Query } from '../resources/list-request.js';

/** Where the picture is that stands for what is no picture. */
export const PLACEHOLDER_PATH = 'app/images/unsupported.png';

/** An empty frame, crossed out. */
const DRAWING = `<svg xmlns="http://www.w3.org/2000/svg" width="150" height="100">
  <g fill="none" stroke="#888" stroke-width="3"><rect x="5" y="5" width="140" height="90" rx="6"/>
  <path d="M5 5 145 95M145 5 5 95"/></g></svg>`;

let picture: Promise<Buffer> | undefined;

/** The way from a request's path to the placeholder, where the client wants one (`returnUnsupportedImage`). */
export function placeholderOf(query: Query, url: string): string | undefined {
  if (query.returnUnsupportedImage === undefined) return undefined;
  const depth = url
    .split('?', 1)[0]!
    .split('/')
    .filter((segment) => segment !== '').length;
  return '../'.repeat(depth - 1) + PLACEHOLDER_PATH;
}

/** The placeholder as PNG. */
export function placeholderPicture(): Promise<Buffer> {
  return (picture ??= sharp(Buffer.from(DRAWING)).png().toBuffer());
}
