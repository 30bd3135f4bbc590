import { execFile } from 'node:child_process';
import { chmod, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const TOOLCHAIN = '1.25.0';
/** From this version on, Go gets a newer one by itself where a program needs it. */
const SELF_UPDATING = 21;

/**
 * Builds a program with Go into a folder. Where Go is older than the program needs, it gets a newer one as a module
 * first, which is how Go itself does that since version 1.21.
 * @returns whether there is a Go at all
 * @throws Error with what Go says
 */
export async function goInstall(program: string, folder: string): Promise<boolean> {
  const version = await run('go', ['version']).catch(() => undefined);
  if (!version) return false;
  process.stderr.write('Building an S3 server, once\n');
  const minor = Number(/go1\.(\d+)/.exec(version.stdout)?.[1] ?? SELF_UPDATING);
  const go = minor < SELF_UPDATING ? await newerGo() : 'go';
  await run(go, ['install', program], { env: { ...process.env, GOTOOLCHAIN: 'auto', GOBIN: folder } });
  return true;
}

async function newerGo(): Promise<string> {
  const machine = `${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`;
  const { stdout } = await run('go', [
    'mod',
    'download',
    '-json',
    `golang.org/toolchain@v0.0.1-go${TOOLCHAIN}.${machine}`,
  ]);
  const { Dir: folder } = JSON.parse(stdout) as { Dir: string };
  // modules have no programs
  for (const programs of ['bin', join('pkg', 'tool')]) {
    const found = await readdir(join(folder, programs), { recursive: true, withFileTypes: true });
    const files = found.filter((entry) => entry.isFile());
    await Promise.all(files.map(({ parentPath, name }) => chmod(join(parentPath, name), 0o755)));
  }
  return join(folder, 'bin', 'go');
}
