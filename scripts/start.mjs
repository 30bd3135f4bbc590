/** `npm start [-- config…]`: installs and builds what is missing, then runs Annal until it ends. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from './bootstrap/build.mjs';
import { ensureInstalled } from './bootstrap/install.mjs';
import { root, say } from './bootstrap/repository.mjs';

/** npm passes on the Ctrl-C that the terminal has already sent: two within this time are one, in milliseconds. */
const SAME_SIGNAL = 500;

try {
  await ensureInstalled();
  await ensureBuilt();
} catch (error) {
  say(error.message);
  process.exit(1);
}

// relative paths are those of the caller; npm changes to the repository's folder
const cwd = process.env.INIT_CWD ?? process.cwd();
// a process group of its own: signals reach it from here alone, once
const server = spawn(join(root, 'bin', 'annal'), process.argv.slice(2), { cwd, stdio: 'inherit', detached: true });

const lastSent = new Map();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    const now = performance.now();
    if (now - (lastSent.get(signal) ?? -Infinity) < SAME_SIGNAL) return;
    lastSent.set(signal, now);
    server.kill(signal);
  });
}
server.once('error', (error) => {
  say(error.message);
  process.exit(1);
});
server.once('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
