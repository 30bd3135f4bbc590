import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { ArchiveServer } from '../support/archive-server.js';
import { sampleFiles } from '../support/sample-study.js';

const README = join(import.meta.dirname, '../../README.md');
const run = promisify(execFile);

/** What people do first with a folder from a CD or a scanner: DICOM files in folders, and other things beside them. */
describe('a folder of DICOM and other files', () => {
  const samples = sampleFiles('CD', { patients: 1, studies: 2, series: 2, instances: 2 });
  const others = { 'scan/README.TXT': 'not DICOM', 'scan/empty': '', 'scan/a b/page.html': '<p>', 'scan/x.json': '{}' };
  let server: ArchiveServer;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'annal-scan-'));
    const write = (name: string, content: string | Buffer): void => {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
    };
    for (const [name, content] of Object.entries(others)) write(name, content);
    samples.forEach(({ bytes }, index) => write(`scan/a b/${'deep/'.repeat(index % 3)}IM ${index}`, bytes));
    // as on many a CD: the same image twice
    write('scan/copy.dcm', samples[0]!.bytes);
    server = await ArchiveServer.start();
  });
  afterAll(async () => {
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const instances = async (): Promise<readonly string[]> => (await server.json<string[]>('/instances')).toSorted();
  const everything = samples.map(({ ids }) => ids.instance).toSorted();

  it('is uploaded by a script that walks it and posts each file', async () => {
    const statuses: Record<string, number> = {};
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const body = readFileSync(join(entry.parentPath, entry.name));
      const answer = await server.fetch('/instances', { method: 'POST', body });
      const { Status = 'Refused' } = (await answer.json()) as { readonly Status?: string };
      expect(answer.status).toBe(Status === 'Refused' ? 400 : 200);
      statuses[Status] = (statuses[Status] ?? 0) + 1;
    }
    expect(statuses).toEqual({ Success: samples.length, AlreadyStored: 1, Refused: Object.keys(others).length });
    expect(await instances()).toEqual(everything);
  });

  it('is uploaded by the command in README.md as it stands', async () => {
    for (const study of await server.json<string[]>('/studies')) {
      expect((await server.fetch(`/studies/${study}`, { method: 'DELETE' })).status).toBe(200);
    }
    const command = /^\$ (find scan .*)$/m.exec(readFileSync(README, 'utf8'))![1]!;
    const here = command.replace('http://localhost:8042', server.url);
    expect(here).not.toBe(command);
    const { stdout } = await run('sh', ['-c', here], { cwd: folder });
    const lines = stdout.split('\n').filter((line) => line !== '');
    expect(lines.filter((line) => line === '   "Status": "Success"')).toHaveLength(samples.length);
    expect(lines.filter((line) => line === '   "Status": "AlreadyStored"')).toHaveLength(1);
    expect(await instances()).toEqual(everything);
  });
});
