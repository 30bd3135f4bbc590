import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, systemEnvironment } from '../bootstrap/repository.mjs';
import { VIEWER } from './package.mjs';

/** What is no part of the viewer in use: maps for debuggers, and a runtime for models that it would download. */
const LEFT_OUT = ['*.map', 'package/dist/ort'];

/**
 * Fetches the viewer's package with npm, which may have it in its cache, and unpacks it.
 * @param folder an empty one; afterwards `package` in it has what was published
 * @throws when it cannot be had, or is not the one that is expected
 */
export async function fetchViewer(folder) {
  const options = ['--ignore-scripts', '--prefer-offline', '--fetch-retries=1', '--loglevel=error'];
  const spec = `${VIEWER.name}@${VIEWER.version}`;
  // not in the repository's folder, whose package is another one
  const packing = await run('npm', ['pack', spec, ...options], { env: systemEnvironment, cwd: folder, capture: true });
  if (packing.code !== 0) throw new Error(`npm pack ${spec} failed: ${firstError(packing.output)}`);
  const file = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  const path = join(folder, file);
  const found = `sha512-${createHash('sha512').update(readFileSync(path)).digest('base64')}`;
  if (found !== VIEWER.integrity)
    throw new Error(`${spec} is not the package that is expected: its checksum is ${found}`);
  const exclude = LEFT_OUT.map((pattern) => `--exclude=${pattern}`);
  const unpacking = await run('tar', ['-xzf', file, ...exclude, 'package/dist', 'package/LICENSE'], {
    cwd: folder,
    capture: true,
  });
  if (unpacking.code !== 0) throw new Error(`${spec} could not be unpacked: ${unpacking.output}`);
}

function firstError(output) {
  return output.split('\n').find((line) => /error/i.test(line)) ?? output.trim();
}
