/**
 * `npm test`: every check of the repository, then all tests. `npm test -- PATH…` runs only the tests there.
 * The last line is `N passed, N failed`; a check or a test file that fails as a whole counts as one.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from './bootstrap/build.mjs';
import { ensureInstalled } from './bootstrap/install.mjs';
import { node, root, run, say, toolEnvironment } from './bootstrap/repository.mjs';
import { tryToEnsureViewer } from './viewer/ensure.mjs';

const CHECKS = ['lint', 'typecheck', 'check:format', 'check:arch', 'check:duplicates', 'check:licences'];

const paths = process.argv.slice(2);
let failures = [];
let counted = { passed: 0, failed: 0 };
try {
  await ensureInstalled();
  if (paths.length === 0) failures = await runChecks();
  await ensureBuilt().catch((error) => failures.push(error.message));
  await tryToEnsureViewer();
  counted = await runTests(paths);
} catch (error) {
  failures.push(error.message);
}
for (const failure of failures) say(failure);
const failed = counted.failed + failures.length;
process.exitCode = failed > 0 ? 1 : 0;
console.log(`${counted.passed} passed, ${failed} failed`);

/** Runs the checks, as many at a time as there are cores; resolves with a line for each that failed. */
async function runChecks() {
  const waiting = [...CHECKS];
  const failed = [];
  const worker = async () => {
    for (let name = waiting.shift(); name; name = waiting.shift()) {
      const { code, output } = await run('npm', ['run', '--silent', name], { capture: true });
      console.log(`${code === 0 ? 'passed' : 'FAILED'}: ${name}`);
      if (code === 0) continue;
      failed.push(`npm run ${name} failed`);
      console.log(output);
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), 4) }, worker));
  return failed;
}

/** Runs jest; resolves with its counts. */
async function runTests(selection) {
  const folder = mkdtempSync(join(tmpdir(), 'annal-tests-'));
  const report = join(folder, 'report.json');
  try {
    // some of a test's time goes by waiting for servers: one more at a time than there are cores keeps all of them busy;
    // where most of them kill servers, which come up again as fast as they can, cores are busy anyway
    const more = process.env.ANNAL_LONG === '1' ? 0 : 1;
    const workers = `--maxWorkers=${Math.min(Math.max(2, availableParallelism() + more), 8)}`;
    const options = ['--json', `--outputFile=${report}`, '--passWithNoTests', workers];
    const { code } = await run(node, [join('node_modules', 'jest', 'bin', 'jest.js'), ...options, ...selection], {
      env: {
        ...toolEnvironment,
        // servers that tests start come up sooner
        NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/annal-compiled'),
        NODE_OPTIONS:
          '--experimental-vm-modules --disable-warning=ExperimentalWarning --disable-warning=TimeoutNegativeWarning',
      },
    });
    return counts(code, report);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function counts(code, report) {
  try {
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(readFileSync(report, 'utf8'));
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    return { passed: numPassedTests, failed: failed === 0 && code !== 0 ? 1 : failed };
  } catch {
    return { passed: 0, failed: 1 };
  }
}
