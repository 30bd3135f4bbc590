import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PORTS } from '../../scripts/cluster/options.js';
import { ClusterCommand } from '../support/cluster-command.js';
import { freePortRange } from '../support/free-ports.js';
import { describeWithOwnBroker } from '../support/kafka/describe-with-own-broker.js';
import { descendantsOf, isRunning, until } from '../support/processes.js';
import { sampleFile } from '../support/sample-study.js';

describeWithOwnBroker('npm run cluster', () => {
  const { bytes, ids } = sampleFile({ patient: 'P', study: 1, series: 1, instance: 1 });
  let folder: string;
  let ports: number;
  let cluster: ClusterCommand;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'annal-cluster-command-'));
    // as root, PostgreSQL runs as another user
    chmodSync(folder, 0o755);
    ports = await freePortRange(PORTS);
    cluster = await started();
  }, 240_000);
  afterAll(async () => {
    await cluster?.interrupt();
    rmSync(folder, { recursive: true, force: true });
  }, 120_000);

  async function started(): Promise<ClusterCommand> {
    const command = new ClusterCommand(join(folder, 'cluster'), ports);
    try {
      await command.said('The cluster runs');
    } catch (error) {
      await command.interrupt();
      throw error;
    }
    return command;
  }

  async function fileOn(server: 1 | 2): Promise<Buffer> {
    const response = await cluster.fetch(server, `/instances/${ids.instance}/file`);
    expect(response.status).toBe(200);
    return Buffer.from(await response.arrayBuffer());
  }

  it('shows on one server what was stored on the other', async () => {
    const answer = await cluster.fetch(1, '/instances', { method: 'POST', body: new Uint8Array(bytes) });
    expect(answer.status).toBe(200);
    expect(await fileOn(2)).toEqual(bytes);
  });

  it('says that a process died, and starts it again', async () => {
    process.kill(cluster.processId('api-2'), 'SIGKILL');
    await cluster.said('api-2 ended by SIGKILL');
    await cluster.said('api-2 runs again');
    expect(await fileOn(2)).toEqual(bytes);
  });

  it('leaves no process when it is interrupted, and keeps what it has', async () => {
    const processes = descendantsOf(cluster.pid);
    expect(processes.length).toBeGreaterThan(7);
    expect(await cluster.interrupt()).toBe(0);
    await until(() => !processes.some(isRunning));
    cluster = await started();
    expect(await fileOn(1)).toEqual(bytes);
  }, 240_000);

  it('leaves no process when it is killed', async () => {
    const processes = descendantsOf(cluster.pid);
    const [main] = processes;
    process.kill(main!, 'SIGKILL');
    await until(() => !processes.some(isRunning), 90_000);
  });
});
