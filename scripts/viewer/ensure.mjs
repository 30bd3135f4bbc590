import { mkdirSync, mkdtempSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, say } from '../bootstrap/repository.mjs';
import { fetchViewer } from './fetch.mjs';
import { inventory } from './inventory.mjs';
import { RECIPE, VIEWER } from './package.mjs';
import { relocate } from './relocate.mjs';

/**
 * Makes the viewer's files ready to be served, once: below `node_modules/.cache/annal-ohif`, described by its `viewer.json`.
 * @throws when the package cannot be had
 */
export async function ensureViewer() {
  const cache = join(realpathSync(join(root, 'node_modules')), '.cache');
  const target = join(cache, 'annal-ohif');
  if (isReady(target)) return;
  say(`fetching the OHIF viewer ${VIEWER.version}, once`);
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'annal-ohif-'));
  try {
    await fetchViewer(folder);
    const files = join(folder, 'package', 'dist');
    relocate(files);
    const description = { version: VIEWER.version, recipe: RECIPE, files: await inventory(files) };
    // last: where it is, all is
    writeFileSync(join(folder, 'package', 'viewer.json'), JSON.stringify(description));
    rmSync(target, { recursive: true, force: true });
    renameSync(join(folder, 'package'), target);
  } catch (error) {
    // another process may have been first
    if (!isReady(target)) throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The same, but only says what went wrong: Annal is of use without its viewer. */
export async function tryToEnsureViewer() {
  try {
    await ensureViewer();
  } catch (error) {
    say(`there is no OHIF viewer, ${error.message}`);
    say('everything else works; the next start tries again, as does: npm run viewer');
  }
}

function isReady(target) {
  try {
    const { version, recipe } = JSON.parse(readFileSync(join(target, 'viewer.json'), 'utf8'));
    return version === VIEWER.version && recipe === RECIPE;
  } catch {
    return false;
  }
}
