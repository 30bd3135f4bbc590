import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRunning, until } from '../processes.js';
import { describeWithOwnBroker } from './describe-with-own-broker.js';
import { kafkaJars } from './test-kafka.js';

const LOADER = join(import.meta.dirname, '../../setup/typescript.mjs');
const BROKER = join(import.meta.dirname, 'broker.ts');

describeWithOwnBroker('A broker whose test is killed', () => {
  it('goes, and its data too', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'annal-orphan-'));
    const script = `
      const { KafkaBroker } = await import(${JSON.stringify(BROKER)});
      const broker = await KafkaBroker.start({}, ${JSON.stringify(await kafkaJars())});
      console.log(broker.pid);`;
    const test = spawn(process.execPath, ['--import', LOADER, '--input-type=module', '--eval', script], {
      env: { ...process.env, TMPDIR: folder, NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const [output] = (await once(test.stdout, 'data')) as [Buffer];
      const pid = Number(output.toString());
      expect(isRunning(pid)).toBe(true);
      test.kill('SIGKILL');
      await until(() => !isRunning(pid) && readdirSync(folder).length === 0);
    } finally {
      test.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
