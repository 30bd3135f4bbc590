import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cachedFolder } from '../cached-folder.js';
import { runProgram } from '../run-program.js';

/** What a Python is needed for: the files of its packages, and the modules that a given one must have. */
const NEEDS = {
  kafka: { file: 'requirements.txt', modules: 'confluent_kafka' },
  dicomweb: { file: 'dicomweb-requirements.txt', modules: 'dicomweb_client, numpy, openjpeg, libjpeg' },
} as const;

/**
 * A Python that has the packages of requirements.txt, or of dicomweb-requirements.txt: that of `ANNAL_TEST_PYTHON`, else a
 * virtual environment, which python3 and pip make the first time.
 * @throws when there is none, with what is missing
 */
export async function pythonWithPackages(need: keyof typeof NEEDS = 'kafka'): Promise<string> {
  const { file, modules } = NEEDS[need];
  const requirements = join(import.meta.dirname, file);
  const given = process.env.ANNAL_TEST_PYTHON;
  if (given) {
    await runProgram(given, ['-c', `import ${modules}`], `A Python with the packages of ${file}`);
    return given;
  }
  // an environment belongs to the Python that made it
  const python = await runProgram('python3', ['-c', 'import sys; print(sys.executable, sys.version)'], 'Python 3');
  const version = createHash('sha256')
    .update(await readFile(requirements))
    .update(python)
    .digest('hex')
    .slice(0, 16);
  const folder = await cachedFolder('annal-python', version, async (unfinished) => {
    await runProgram('python3', ['-m', 'venv', unfinished], 'venv of Python (Debian: python3-venv)');
    const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', requirements];
    await runProgram(join(unfinished, 'bin/python'), install, `pip with access to the packages of ${file}`);
  });
  return join(folder, 'bin/python');
}
