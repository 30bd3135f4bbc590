import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, readFile, rename, rmdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inflateRawSync, inflateSync } from 'node:zlib';
import { ERASURE_CRASH_POINTS } from '@annal/platform';
import { buildInstance } from '../../libs/dicom/src/testing/instance-builder.js';
import { blobNames, caughtUp, expectExactly } from '../support/archive-checks.js';
import { ArchiveServer } from '../support/archive-server.js';
import { asClients, uploadAll } from '../support/clients.js';
import { query } from '../support/database.js';
import { erased, filesGone, Remains, tellingFile, type TellingFile } from '../support/erasure.js';
import { published } from '../support/kafka/kafka-archive.js';
import { ProjectorServer } from '../support/kafka/projector-server.js';
import { LOG_UNDER_TEST } from '../support/log-under-test.js';
import { until } from '../support/processes.js';
import { dumpLiveReadModels } from '../support/read-model-dump.js';
import { runAnnal } from '../support/run-annal.js';
import { sampleFiles } from '../support/sample-study.js';

const SOON = { StableAge: 3600, LogExportedResources: true, Annal: { Vault: { Grace: 0.5 } } };

describe('what is deleted', () => {
  const servers: ArchiveServer[] = [];
  afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

  const start = async (configuration: object = SOON, environment = {}): Promise<ArchiveServer> => {
    const server = await ArchiveServer.start({ configuration: { ...configuration }, environment });
    servers.push(server);
    return server;
  };
  const remove = async (server: ArchiveServer, path: string): Promise<void> => {
    const response = await server.fetch(path, { method: 'DELETE' });
    await response.arrayBuffer();
    expect(response.status).toBe(200);
  };
  const note = async (server: ArchiveServer, path: string, value: string): Promise<void> => {
    const response = await server.fetch(`${path}/metadata/1024`, { method: 'PUT', body: value });
    expect([response.status, await response.text()]).toEqual([200, '']);
  };
  const noted = async (server: ArchiveServer, path: string): Promise<string> =>
    (await server.fetch(`${path}/metadata/1024`)).text();
  const rebuild = async (server: ArchiveServer): Promise<void> => {
    expect(await runAnnal('rebuild', server.configurationFile)).toMatchObject({ code: 0 });
  };
  const textsOf = (...files: readonly TellingFile[]): string[] => [
    ...new Set(files.flatMap(({ patientTexts, studyTexts }) => [...patientTexts, ...studyTexts])),
  ];

  it('is nowhere any more: a study first, then its patient; what is left is as before, also after a rebuild', async () => {
    const server = await start();
    const first = [1, 2].map((n) => tellingFile('P', 'A', n));
    const second = [1, 2].map((n) => tellingFile('P', 'B', n));
    const other = [tellingFile('Q', 'C', 1)];
    for (const file of [...first, ...second, ...other]) await uploadAll(server, [file], 1);
    const remains = await Remains.of(server);
    const { ids } = first[0]!;
    const levels = [`/studies/${ids.study}`, `/series/${ids.series}`, `/instances/${ids.instance}`];
    // the second one takes the place of the first
    for (const [index, path] of levels.entries()) {
      for (const text of ['REPLACED', 'NOTED']) await note(server, path, `${text}-${index}`);
    }
    await note(server, `/patients/${ids.patient}`, 'NOTED-P');
    await note(server, `/studies/${second[0]!.ids.study}`, 'NOTED-B');
    await note(server, `/patients/${other[0]!.ids.patient}`, 'NOTED-Q');
    const notes = levels.flatMap((_, index) => [`REPLACED-${index}`, `NOTED-${index}`]);
    // what is looked for can be found
    const everywhere = [...notes, 'NOTED-P', 'NOTED-B'].flatMap((text) =>
      ['opened parts', 'parts under any key', ...(text.startsWith('NOTED') ? ['tables'] : [])].map(
        (place) => `${text} in ${place}`,
      ),
    );
    expect(await remains.find([...notes, 'NOTED-P', 'NOTED-B'])).toEqual(everywhere);
    const sought = textsOf(...first);
    expect(new Set((await remains.find(sought)).map((found) => found.split(' in ')[1]))).toEqual(
      new Set(['opened parts', 'parts under any key', 'tables', 'files']),
    );
    // it was sent elsewhere, which is known for ever
    await (await server.fetch(`/studies/${ids.study}/archive`)).arrayBuffer();
    const Url = `${server.url}/`;
    expect((await server.fetch('/peers/self', { method: 'PUT', body: JSON.stringify({ Url }) })).status).toBe(200);
    expect((await server.fetch('/peers/self/store', { method: 'POST', body: ids.study })).status).toBe(200);
    const sent = async (): Promise<readonly Record<string, unknown>[]> =>
      (await server.json<{ Exports: Record<string, unknown>[] }>(`/exports/report?patient=${ids.patient}`)).Exports;
    await until(async () => (await sent()).every(({ Outcome }) => Outcome === 'success'));
    for (const job of await server.json<string[]>('/jobs')) await remove(server, `/jobs/${job}`);
    await remove(server, '/peers/self');
    const listed = async (): Promise<unknown> => (await server.json<{ Exports: unknown[] }>('/exports')).Exports;
    const { PatientID, StudyInstanceUID } = (await sent())[0]!;
    expect(first[0]!.patientTexts).toContain(PatientID);
    expect(await listed()).toMatchObject([
      { Seq: 1, ID: ids.study, RemoteModality: 'self', PatientID, StudyInstanceUID },
    ]);
    const patient = await server.json(`/patients/${first[0]!.ids.patient}`);

    // and what a job was told goes with it
    const told = ['TOLD-J', 'NAMED-J'];
    const body = JSON.stringify({ Asynchronous: true, UserData: 'TOLD-J', Filename: 'NAMED-J.zip' });
    const path = `/studies/${other[0]!.ids.study}/archive`;
    const { ID } = (await (await server.fetch(path, { method: 'POST', body })).json()) as { ID: string };
    await until(async () => (await server.json<{ State: string }>(`/jobs/${ID}`)).State === 'Success');
    expect(await remains.find(told)).toEqual(
      told.flatMap((text) => ['opened parts', 'tables'].map((place) => `${text} in ${place}`)),
    );
    await remove(server, `/jobs/${ID}`);
    await until(async () => (await query(server, 'SELECT 1 FROM annal_vault.job_keys')).length === 0);
    expect(await remains.find(told)).toEqual([]);

    await remove(server, `/studies/${first[0]!.ids.study}`);
    await erased(server, 2);
    expect(await remains.find([...first[0]!.studyTexts, ...notes])).toEqual([]);
    await expectExactly(server, [...second, ...other]);
    const live = await dumpLiveReadModels(server);
    await rebuild(server);
    expect(await dumpLiveReadModels(server)).toEqual(live);
    expect(await listed()).toMatchObject([{ Seq: 1, PatientID, StudyInstanceUID: '' }]);
    // the patient is shown as its first study said, though that is gone
    expect(await server.json(`/patients/${first[0]!.ids.patient}`)).toMatchObject({
      MainDicomTags: (patient as { MainDicomTags: object }).MainDicomTags,
    });
    expect(await noted(server, `/patients/${ids.patient}`)).toBe('NOTED-P');

    await remove(server, `/patients/${first[0]!.ids.patient}`);
    await erased(server, 1);
    await until(async () => (await query(server, 'SELECT 1 FROM annal_vault.patient_keys')).length === 1);
    await filesGone(server);
    expect(await remains.find([...textsOf(...first, ...second), ...notes, 'NOTED-P', 'NOTED-B'])).toEqual([]);
    expect((await remains.find(textsOf(...other))).length).toBeGreaterThan(0);
    expect((await remains.find(['NOTED-Q'])).length).toBeGreaterThan(0);
    await rebuild(server);
    await expectExactly(server, other);
    expect(await listed()).toMatchObject([{ Seq: 1, ID: ids.study, PatientID: '', StudyInstanceUID: '' }]);
    expect((await sent()).map(({ Protocol, Outcome }) => [Protocol, Outcome])).toEqual([
      ['archive', 'success'],
      ['orthanc', 'success'],
    ]);

    // what comes again has keys of its own
    await uploadAll(server, first, 2);
    await expectExactly(server, [...first, ...other]);
  });

  // side by side, for each waits for what follows the crash
  it(`is erased all the same after a crash at ${ERASURE_CRASH_POINTS.join(', ')}`, async () => {
    await Promise.all(
      ERASURE_CRASH_POINTS.map(async (point) => {
        const server = await start(SOON, { ANNAL_CRASH_POINT: point });
        const file = tellingFile('P', 'A', 1);
        const other = tellingFile('Q', 'C', 1);
        await uploadAll(server, [file, other], 1);
        await remove(server, `/studies/${file.ids.study}`);
        await server.ended();
        await server.run();
        await erased(server, 1);
        await until(async () => (await query(server, 'SELECT 1 FROM annal_vault.patient_keys')).length === 1);
        expect(await (await Remains.of(server)).find(textsOf(file))).toEqual([]);
        await expectExactly(server, [other]);
      }),
    );
  });

  it('stays erased where a backup of the keys is restored', async () => {
    const server = await start();
    const file = tellingFile('P', 'A', 1);
    const [gone, kept] = [tellingFile('Q', 'C', 1), tellingFile('Q', 'D', 1)];
    for (const one of [file, gone, kept]) await uploadAll(server, [one], 1);
    for (const table of ['patient_keys', 'study_keys']) {
      await query(server, `CREATE TABLE public.backup_${table} AS SELECT * FROM annal_vault.${table}`);
    }
    await remove(server, `/patients/${file.ids.patient}`);
    await remove(server, `/studies/${gone.ids.study}`);
    await erased(server, 1);
    await until(async () => (await query(server, 'SELECT 1 FROM annal_vault.patient_keys')).length === 1);
    await server.end();
    await query(server, 'TRUNCATE annal_vault.patient_keys, annal_vault.study_keys');
    for (const table of ['patient_keys', 'study_keys']) {
      await query(server, `INSERT INTO annal_vault.${table} SELECT * FROM public.backup_${table}`);
      await query(server, `DROP TABLE public.backup_${table}`);
    }
    await server.run();
    expect(server.log).toContain('3 keys of erased studies were in the database again and are destroyed');
    expect(await (await Remains.of(server)).find([...textsOf(file), ...gone.studyTexts])).toEqual([]);
    // the study comes again, under a key of its own
    await uploadAll(server, [gone], 1);
    await expectExactly(server, [kept, gone]);
  });

  const withKafka = LOG_UNDER_TEST === 'kafka' ? it : it.skip;

  withKafka('is in no topic, also the public one, nor in what a projector of its own says', async () => {
    const verbose = { VERBOSE_ENABLED: 'true' };
    const server = await start({ ...SOON, Annal: { ...SOON.Annal, Roles: ['api'] } }, verbose);
    const projector = await ProjectorServer.start(server, {}, verbose);
    try {
      const [file, other] = [tellingFile('P', 'A', 1), tellingFile('Q', 'C', 1)];
      await uploadAll(server, [file, other], 1);
      const remains = await Remains.of(server, projector);
      const sought = textsOf(file);
      // what is not erased yet is in no topic or message either, but sealed
      expect(new Set((await remains.find(sought)).map((found) => found.split(' in ')[1]))).toEqual(
        new Set(['opened parts', 'parts under any key', 'tables', 'files']),
      );
      await remove(server, `/patients/${file.ids.patient}`);
      await erased(server, 1);
      await until(async () => (await query(server, 'SELECT 1 FROM annal_vault.patient_keys')).length === 1);
      await filesGone(server);
      await published(server);
      // it was looked where something is
      expect((await remains.topics()).split(`"Path":"/patients/${file.ids.patient}"`)).toHaveLength(3);
      expect(projector.log).toContain('Publishing changes');
      expect(await remains.find(sought)).toEqual([]);
      expect((await remains.find(textsOf(other))).length).toBeGreaterThan(0);
    } finally {
      await projector.end();
    }
  });

  it('is in nothing that the embedded PostgreSQL says, not even of errors', async () => {
    const server = await ArchiveServer.start({ embedded: true, configuration: SOON });
    servers.push(server);
    const file = tellingFile('P', 'A', 1);
    await uploadAll(server, [file], 1);
    const remains = await Remains.of(server);
    const [text] = file.patientTexts;
    // the statement has a value, and the row that is there already others
    const twice = query(server, `INSERT INTO patients SELECT * FROM patients WHERE patient_id_n = '${text}'`);
    await expect(twice).rejects.toThrow('duplicate key');
    expect(await remains.databaseLog()).toContain('duplicate key');
    await remove(server, `/patients/${file.ids.patient}`);
    await erased(server, 0);
    await until(async () => (await query(server, 'SELECT 1 FROM annal_vault.patient_keys')).length === 0);
    await filesGone(server);
    expect(await remains.find(textsOf(file))).toEqual([]);
  });

  it('does not take along what is uploaded meanwhile, of the same study, again and again', async () => {
    const server = await start();
    const files = sampleFiles('R', { patients: 2, studies: 2, series: 1, instances: 4 });
    const paths = [...new Set(files.flatMap(({ ids }) => [`/studies/${ids.study}`, `/patients/${ids.patient}`]))];
    let uploading = true;
    const deleting = asClients(2, paths, async (path) => {
      while (uploading) await server.fetch(path, { method: 'DELETE' }).then((response) => response.arrayBuffer());
    });
    for (let round = 0; round < 6; round++) await uploadAll(server, files, 6);
    uploading = false;
    await deleting;
    await uploadAll(server, files, 6);
    await caughtUp(server);
    await expectExactly(server, files);
    // keys of what is there stay, all others go
    await until(async () => {
      const [row] = await query<{ unused: number }>(
        server,
        `SELECT count(*) AS unused FROM annal_vault.study_keys k WHERE retired_at IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM instances i WHERE i.key_id = k.id)
          AND NOT EXISTS (SELECT 1 FROM patients p WHERE p.key_id = k.id)
          AND NOT EXISTS (SELECT 1 FROM studies s WHERE s.key_id = k.id)
          AND NOT EXISTS (SELECT 1 FROM series s WHERE s.key_id = k.id)`,
      );
      return row!.unused === 0;
    }, 60_000);
    const live = await dumpLiveReadModels(server);
    await rebuild(server);
    expect(await dumpLiveReadModels(server)).toEqual(live);
    await expectExactly(server, files);
  });
});

describe('a header that is too large for the log', () => {
  let server: ArchiveServer;
  afterEach(() => server.close());

  it('is legible for users, but not in the blob store, and goes with its instance', async () => {
    server = await ArchiveServer.start({ configuration: SOON });
    // random, so that it does not shrink
    const texts = Array.from({ length: 6000 }, () => randomBytes(45).toString('base64'));
    const extra = texts.map((text, n): [number, string, string] => [0x00111000 + n, 'LO', text]);
    const bytes = buildInstance({ extra, pixelBytes: 512 });
    const { ID } = (await server.upload(bytes)).body;
    const blob = async (): Promise<string | undefined> =>
      (await blobNames(server)).find((name) => name.endsWith('.header'));
    const name = (await blob())!;
    const content = await readFile(join(server.storage, name.slice(0, 6), name.slice(6, 8), name));
    expect(content.length).toBeGreaterThan(256 * 1024);
    expect(() => inflateRawSync(content)).toThrow();
    expect(() => inflateSync(content)).toThrow();
    const missing = async (): Promise<string[]> => {
      const tags = await server.json<Record<string, { Value: unknown }>>(`/instances/${ID}/tags`);
      const values = new Set(Object.values(tags).map(({ Value }) => Value));
      return texts.filter((text) => !values.has(text));
    };
    expect(await missing()).toEqual([]);
    expect(await runAnnal('rebuild', server.configurationFile)).toMatchObject({ code: 0 });
    expect(await missing()).toEqual([]);
    await (await server.fetch(`/instances/${ID}`, { method: 'DELETE' })).arrayBuffer();
    await until(async () => (await blob()) === undefined, 60_000);
  });
});

describe('keys', () => {
  let server: ArchiveServer;
  afterEach(() => server.close());

  it('that are all lost take nothing along: a rebuild reads the files', async () => {
    server = await ArchiveServer.start({ configuration: { StableAge: 3600, StorageCompression: true } });
    const files = [
      tellingFile('P', 'A', 1),
      tellingFile('P', 'A', 2),
      tellingFile('P', 'B', 1),
      tellingFile('Q', 'C', 1),
    ];
    await uploadAll(server, files, 2);
    await remove(server, tellingFile('P', 'B', 1));
    const { ids } = files[0]!;
    const metadata = `/studies/${ids.study}/metadata/1024`;
    await (await server.fetch(metadata, { method: 'PUT', body: 'NOTED' })).text();
    const wanted = await shown(server);
    await query(server, 'TRUNCATE annal_vault.study_keys, annal_vault.patient_keys');
    expect(await runAnnal('rebuild', server.configurationFile)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('; 1 metadata lost their values with their keys') as string,
    });
    expect(await shown(server)).toEqual(wanted);
    // it is there, but only the log knew its value
    const lost = await server.fetch(metadata);
    expect([lost.status, await lost.text()]).toEqual([200, '']);
    await uploadAll(server, files, 2);
    await expectExactly(server, files);
  });

  it('that are lost leave what later instances say of a patient and a study, where the first ones are gone', async () => {
    server = await ArchiveServer.start({ configuration: { StableAge: 3600 } });
    const [a, b] = [tellingFile('P', 'A', 1), tellingFile('P', 'B', 1)];
    const [c, d] = [tellingFile('Q', 'C', 1), tellingFile('Q', 'C', 2)];
    for (const file of [a, b, c, d]) await uploadAll(server, [file], 1);
    await (await server.fetch(`/instances/${c.ids.instance}`, { method: 'DELETE' })).arrayBuffer();
    const wanted = await server.json(`/studies/${c.ids.study}`);
    await remove(server, a);
    await filesGone(server);
    await query(server, 'TRUNCATE annal_vault.study_keys, annal_vault.patient_keys');
    expect(await runAnnal('rebuild', server.configurationFile)).toMatchObject({ code: 0 });
    expect(await server.json(`/studies/${c.ids.study}`)).toEqual(wanted);
    expect(await server.json(`/patients/${b.ids.patient}`)).toMatchObject({
      MainDicomTags: { PatientID: 'ID-P', PatientName: 'NAME-P-B^GIVEN' },
    });
    const found = await server.fetch('/tools/find', {
      method: 'POST',
      body: JSON.stringify({ Level: 'Study', Query: { PatientName: 'NAME-P-B*', StudyDescription: 'DESCRIBED-B' } }),
    });
    expect(await found.json()).toEqual([b.ids.study]);
    await expectExactly(server, [b, d]);
  });

  it('that are lost together with files cost those instances their tags, and say so; without any file nothing is done', async () => {
    server = await ArchiveServer.start({ configuration: { StableAge: 3600 } });
    const files = [...sampleFiles('F', { patients: 3, studies: 1, series: 1, instances: 8 }), tellingFile('P', 'A', 1)];
    await uploadAll(server, files, 4);
    const rows = await query<{ key: string }>(server, 'SELECT blob_key AS key FROM instances ORDER BY key LIMIT 3');
    const paths = rows.map(({ key }) => join(server.storage, key.slice(0, 6), key.slice(6, 8), key));
    for (const [index, length] of [0, 200, 600].entries()) await truncate(paths[index]!, length);
    await query(server, 'TRUNCATE annal_vault.study_keys, annal_vault.patient_keys');
    expect(await runAnnal('rebuild', server.configurationFile)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('; of 3 instances neither key nor file is there') as string,
    });
    expect(await server.json('/instances')).toHaveLength(files.length);
    await rename(server.storage, `${server.storage}-away`);
    expect(await runAnnal('rebuild', server.configurationFile)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is that the right one, and there? Nothing was changed') as string,
    });
    await rename(`${server.storage}-away`, server.storage);
    expect((await query(server, 'SELECT 1 FROM instances WHERE blank')).length).toBe(3);
  });

  it('that are lost, where a file cannot be read, stop a rebuild that names event and blob; another file in its place is none', async () => {
    server = await ArchiveServer.start({ configuration: { StableAge: 3600 } });
    await uploadAll(server, sampleFiles('F', { patients: 3, studies: 1, series: 1, instances: 1 }), 4);
    const rows = await query<{ key: string }>(server, 'SELECT blob_key AS key FROM instances ORDER BY key');
    const paths = rows.map(({ key }) => join(server.storage, key.slice(0, 6), key.slice(6, 8), key));
    await query(server, 'TRUNCATE annal_vault.study_keys, annal_vault.patient_keys');
    await copyFile(paths[0]!, paths[1]!);
    // a folder cannot be read as a file, not even by root
    await rename(paths[2]!, `${paths[2]!}-away`);
    await mkdir(paths[2]!);
    const stopped = await runAnnal('rebuild', server.configurationFile);
    expect(stopped.code).toBe(1);
    expect(stopped.stderr).toMatch(new RegExp(`event at offset \\d+ .*${rows[2]!.key} cannot be read \\(EISDIR\\)`));
    await rmdir(paths[2]!);
    await rename(`${paths[2]!}-away`, paths[2]!);
    expect(await runAnnal('rebuild', server.configurationFile)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('; of 1 instances neither key nor file is there') as string,
      stderr: expect.stringContaining(`Blob ${rows[1]!.key} does not hold the instance of the event`) as string,
    });
    expect(await query(server, 'SELECT blob_key AS key FROM instances WHERE blank')).toEqual([{ key: rows[1]!.key }]);
  });

  it('are wrapped by the master key, without which the server does not start, and which can be exchanged', async () => {
    const keys = ['2026', '2027'].map((Id) => ({ Id, Key: randomBytes(32).toString('base64') }));
    const files = [tellingFile('P', 'A', 1), tellingFile('Q', 'C', 1)];
    server = await ArchiveServer.start();
    await uploadAll(server, files.slice(0, 1), 1);
    const plain = JSON.parse(await readFile(server.configurationFile, 'utf8')) as { Annal: object };
    const run = async (...MasterKeys: readonly object[]): Promise<void> => {
      await server.end();
      await writeFile(
        server.configurationFile,
        JSON.stringify({ ...plain, Annal: { ...plain.Annal, Vault: { MasterKeys } } }),
      );
      await server.run();
    };
    const wrappedBy = async (): Promise<unknown[]> =>
      (
        await query<{ by: string | null }>(server, 'SELECT DISTINCT master_key AS by FROM annal_vault.patient_keys')
      ).map(({ by }) => by);
    await run(keys[0]!);
    await uploadAll(server, files.slice(1), 1);
    await until(async () => (await wrappedBy()).join() === '2026');
    await expect(run()).rejects.toThrow('keys of patients are wrapped by the key "2026", which is not there');
    await expect(run({ ...keys[1]!, Id: '2026' })).rejects.toThrow(
      'which is not the one that is configured by this name',
    );
    await run(keys[1]!, keys[0]!);
    await until(async () => (await wrappedBy()).join() === '2027');
    await run(keys[1]!);
    expect(await runAnnal('rebuild', server.configurationFile)).toMatchObject({ code: 0 });
    await expectExactly(server, files);
  });

  async function remove(from: ArchiveServer, { ids }: TellingFile): Promise<void> {
    await (await from.fetch(`/studies/${ids.study}`, { method: 'DELETE' })).arrayBuffer();
  }

  /** What users see of the tags. */
  async function shown(of: ArchiveServer): Promise<unknown[]> {
    const paths = ['/patients?expand', '/studies?expand', '/series?expand', '/instances?expand', '/changes'];
    for (const id of await of.json<string[]>('/instances'))
      paths.push(`/instances/${id}/tags`, `/instances/${id}/metadata?expand`);
    return Promise.all(paths.map((path) => of.json(path)));
  }
});
