import { execFile, spawn } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const LAUNCHER = join(dirname(fileURLToPath(import.meta.url)), '../../bin/annal');
const MAIN = 'console.log(JSON.stringify({ pid: process.pid, argv: process.argv.slice(2), cwd: process.cwd() }));';
const run = promisify(execFile);

describe('bin/annal', () => {
  let folder: string;
  let launcher: string;
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'annal launcher-')));
    launcher = join(folder, 'bin/annal');
    for (const one of ['bin', 'dist/apps/api/src', 'node_modules/.bin', 'elsewhere'])
      mkdirSync(join(folder, one), { recursive: true });
    copyFileSync(LAUNCHER, launcher);
    chmodSync(launcher, 0o755);
    symlinkSync(process.execPath, join(folder, 'node_modules/.bin/node'));
    writeFileSync(join(folder, 'dist/apps/api/src/main.js'), MAIN);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('becomes the server: same process id, arguments and working directory', async () => {
    const child = spawn(launcher, ['--verbose', 'a b.json', '$x'], { cwd: join(folder, 'elsewhere') });
    let output = '';
    for await (const chunk of child.stdout) output += String(chunk);
    expect(JSON.parse(output)).toEqual({
      pid: child.pid,
      argv: ['--verbose', 'a b.json', '$x'],
      cwd: join(folder, 'elsewhere'),
    });
  });

  it.each(['rebuild', 'events'])('becomes the program of %s', async (command) => {
    mkdirSync(join(folder, 'dist/apps/projector/src'), { recursive: true });
    writeFileSync(
      join(folder, 'dist/apps/projector/src/main.js'),
      'console.log("projector", ...process.argv.slice(2));',
    );
    expect((await run(launcher, [command, 'x'])).stdout).toBe(`projector ${command} x\n`);
    expect((await run(launcher, ['x', command])).stdout).toContain('"argv"');
  });

  it('is found through relative and absolute symbolic links', async () => {
    symlinkSync('../bin/annal', join(folder, 'elsewhere/relative'));
    symlinkSync(join(folder, 'elsewhere/relative'), join(folder, 'elsewhere/absolute'));
    const { stdout } = await run('./absolute', ['x'], { cwd: join(folder, 'elsewhere') });
    expect(JSON.parse(stdout)).toMatchObject({ argv: ['x'] });
  });

  it('says what to do when nothing is installed or built', async () => {
    rmSync(join(folder, 'dist'), { recursive: true });
    await expect(run(launcher)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('run build') as string,
    });
    rmSync(join(folder, 'node_modules'), { recursive: true });
    await expect(run(launcher)).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining(' ci') as string });
  });
});
