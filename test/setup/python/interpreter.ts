import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cachedFolder } from '../cached-folder.js';
import { runProgram } from '../run-program.js';

const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');

/**
 * A Python that has the packages of requirements.txt: that of `ANNAL_TEST_PYTHON`, else a virtual environment, which
 * python3 and pip make the first time.
 * @throws when there is none, with what is missing
 */
export async function pythonWithPackages(): Promise<string> {
  const given = process.env.ANNAL_TEST_PYTHON;
  if (given) {
    await runProgram(given, ['-c', 'import confluent_kafka'], 'A Python with confluent-kafka');
    return given;
  }
  // an environment belongs to the Python that made it
  const python = await runProgram('python3', ['-c', 'import sys; print(sys.executable, sys.version)'], 'Python 3');
  const version = createHash('sha256')
    .update(await readFile(REQUIREMENTS))
    .update(python)
    .digest('hex')
    .slice(0, 16);
  const folder = await cachedFolder('annal-python', version, async (unfinished) => {
    await runProgram('python3', ['-m', 'venv', unfinished], 'venv of Python (Debian: python3-venv)');
    const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', REQUIREMENTS];
    await runProgram(join(unfinished, 'bin/python'), install, 'pip with access to the packages of requirements.txt');
  });
  return join(folder, 'bin/python');
}
