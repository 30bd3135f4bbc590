/**
 * `npm run check:licences`: every package that Annal is delivered with has a licence that fits the Apache License 2.0.
 * What a package says of itself counts; the lock file stands in for those of other platforms, which are not installed.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, say } from './bootstrap/repository.mjs';

/** Permissive licences, as SPDX names them (https://spdx.org/licenses). */
const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'PostgreSQL',
  'Python-2.0',
  'Unlicense',
  'Zlib',
]);

/** Libraries that are loaded from packages of their own, where whoever wants can put another build of them (LGPL section 4). */
const REPLACEABLE = { licence: 'LGPL-3.0-or-later', packages: /(?:^|\/)node_modules\/@img\/sharp-[a-z0-9-]+$/ };

const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
const delivered = Object.entries(packages).filter(([path, { dev, link }]) => path !== '' && !dev && !link);
const refused = delivered
  .map(([path, entry]) => [path, licenceOf(path, entry)])
  .filter(([path, licence]) => !isAllowed(licence, path));
for (const [path, licence] of refused) say(`${path}: the licence "${licence}" is not among those allowed`);
if (refused.length > 0) process.exit(1);
console.log(`${delivered.length} packages, all with licences that fit`);

/** The licence as an SPDX expression. */
function licenceOf(path, { license }) {
  const file = join(root, path, 'package.json');
  const own = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  // old packages have an object, or a list
  const said = own.license ?? own.licenses?.[0];
  return said?.type ?? said ?? license ?? 'none';
}

/** Whether an SPDX expression without nested brackets is satisfied by allowed licences. */
function isAllowed(expression, path) {
  const bare = expression.replace(/^\(|\)$/g, '');
  return bare.split(/ OR /).some((choice) => choice.split(/ AND /).every((name) => isFit(name.trim(), path)));
}

function isFit(licence, path) {
  return ALLOWED.has(licence) || (licence === REPLACEABLE.licence && REPLACEABLE.packages.test(path));
}
