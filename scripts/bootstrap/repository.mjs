import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where this repository is checked out. */
export const root = resolve(fileURLToPath(new URL('../..', import.meta.url)));
const bin = join(root, 'node_modules', '.bin');
/** The Node that Annal runs on, from the npm package `node`. */
export const node = join(bin, 'node');

const foreignPath = (process.env.PATH ?? '')
  .split(delimiter)
  .filter((folder) => resolve(folder) !== bin)
  .join(delimiter);

/** An environment in which the repository's own Node and tools come first. */
export const toolEnvironment = { ...process.env, PATH: [bin, foreignPath].join(delimiter) };
/** An environment without them, for the time while they are replaced. */
export const systemEnvironment = { ...process.env, PATH: foreignPath };

/** Whether a path below the root exists. */
export const has = (...path) => existsSync(join(root, ...path));

/** Says on the error output what is going on. */
export const say = (text) => process.stderr.write(`annal: ${text}\n`);

/** Runs a program; resolves with its exit code and, if `capture` is set, what it wrote. */
export function run(program, args, { env = toolEnvironment, cwd = root, capture = false } = {}) {
  return new Promise((done, fail) => {
    const child = spawn(program, args, { env, cwd, stdio: capture ? ['ignore', 'pipe', 'pipe'] : 'inherit' });
    let output = '';
    child.stdout?.on('data', (chunk) => (output += chunk));
    child.stderr?.on('data', (chunk) => (output += chunk));
    child.once('error', fail);
    child.once('close', (code) => done({ code: code ?? 1, output }));
  });
}
