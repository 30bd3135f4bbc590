/**
 * `npm run cluster [-- --directory FOLDER] [--ports BASE]`: the cluster of deploy/compose.yaml from processes of this
 * machine, without a container engine, until Ctrl-C.
 */
import { join } from 'node:path';
import { ensureBuilt } from './bootstrap/build.mjs';
import { ensureInstalled } from './bootstrap/install.mjs';
import { runAndRelay } from './bootstrap/relay.mjs';
import { node, root, run, say } from './bootstrap/repository.mjs';

/** TypeScript without decorators, run as it is by the repository's Node. */
const typescript = (name) => ['--import', join(root, 'test/setup/typescript.mjs'), join(root, 'scripts/cluster', name)];

try {
  await ensureInstalled();
  await ensureBuilt();
  // while Ctrl-C still ends everything at once, Maven and Go included
  const { code } = await run(node, typescript('fetch.ts'));
  if (code !== 0) process.exit(code);
} catch (error) {
  say(error.message);
  process.exit(1);
}

runAndRelay(node, [...typescript('main.ts'), ...process.argv.slice(2)]);
