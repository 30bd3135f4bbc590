import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { has, node, root, run, say } from './repository.mjs';

const SOURCES = ['apps', 'libs', 'migrations'];
const SETTINGS = ['package-lock.json', 'nest-cli.json', 'tsconfig.json', 'tsconfig.build.json'];
const STAMP = join(root, 'dist', '.built');

/**
 * Builds `dist` where the sources have changed since it was built.
 * @throws when that fails; the compiler has said why
 */
export async function ensureBuilt() {
  const fingerprint = fingerprintOfSources();
  if (has('dist', '.built') && readFileSync(STAMP, 'utf8') === fingerprint) return;
  say('building');
  mkdirSync(join(root, 'dist'), { recursive: true });
  // written now, so that its time of change tells new output from that of sources that are gone
  writeFileSync(STAMP, 'under way');
  const { mtimeMs: begun } = statSync(STAMP);
  const { code } = await run(node, [join('node_modules', '@nestjs', 'cli', 'bin', 'nest.js'), 'build', 'api']);
  if (code !== 0) throw new Error(`the build failed (exit code ${code})`);
  for (const { path, mtimeMs } of filesBelow(join(root, 'dist'))) if (mtimeMs < begun) rmSync(path);
  writeFileSync(STAMP, fingerprint);
}

/** Changes with any file that the build reads. */
function fingerprintOfSources() {
  const hash = createHash('sha256');
  const settings = SETTINGS.map((name) => describe(join(root, name)));
  for (const { path, size, mtimeMs } of [...settings, ...SOURCES.flatMap((name) => filesBelow(join(root, name)))]) {
    if (!/\.spec\.ts$|[\\/]testing[\\/]/.test(path)) hash.update(`${path}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => describe(join(entry.parentPath ?? entry.path, entry.name)));
}

function describe(path) {
  const { size, mtimeMs } = statSync(path);
  return { path, size, mtimeMs };
}
