import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { say } from './repository.mjs';

/** npm passes on the Ctrl-C that the terminal has already sent: two within this time are one, in milliseconds. */
const SAME_SIGNAL = 500;

/** Runs a program in the caller's folder and ends as it ends; signals to this process reach it once. */
export function runAndRelay(program, args) {
  // a process group of its own: signals reach it from here alone
  const child = spawn(program, args, { cwd: callersFolder, stdio: 'inherit', detached: true });
  const lastSent = new Map();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      const now = performance.now();
      if (now - (lastSent.get(signal) ?? -Infinity) < SAME_SIGNAL) return;
      lastSent.set(signal, now);
      child.kill(signal);
    });
  }
  child.once('error', (error) => {
    say(error.message);
    process.exit(1);
  });
  child.once('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

/** Relative paths are those of the caller; npm changes to the repository's folder. */
const callersFolder = process.env.INIT_CWD ?? process.cwd();
