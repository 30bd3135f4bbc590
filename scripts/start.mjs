/** `npm start [-- config…]`: installs and builds what is missing, then runs Annal until it ends. */
import { join } from 'node:path';
import { ensureBuilt } from './bootstrap/build.mjs';
import { ensureInstalled } from './bootstrap/install.mjs';
import { runAndRelay } from './bootstrap/relay.mjs';
import { root, say } from './bootstrap/repository.mjs';
import { tryToEnsureViewer } from './viewer/ensure.mjs';

try {
  await ensureInstalled();
  await ensureBuilt();
  await tryToEnsureViewer();
} catch (error) {
  say(error.message);
  process.exit(1);
}

runAndRelay(join(root, 'bin', 'annal'), process.argv.slice(2));
