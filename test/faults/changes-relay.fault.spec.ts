import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { upTo } from '../../libs/platform/src/changes-relay/testing/test-feed.js';
import { type SampleFile, sampleFiles } from '../support/sample-study.js';
import { asClients, tryUploads, uploadAll } from '../support/clients.js';
import { ChangesFollower } from '../support/kafka/changes-follower.js';
import { describeWithKafka } from '../support/kafka/describe-with-kafka.js';
import { expectPublishedOnce, type KafkaArchive, startKafkaArchive } from '../support/kafka/kafka-archive.js';
import { readTopic } from '../support/kafka/records.js';

const LAUNCHER = join(import.meta.dirname, '../../bin/annal');
const CLIENTS = 4;

describeWithKafka('The published changes of a server', (kafka) => {
  let archive: KafkaArchive;
  afterEach(() => archive?.close());

  const files = (name: string): SampleFile[] => sampleFiles(name, { patients: 2, studies: 2, series: 2, instances: 5 });
  const remove = async (path: string): Promise<void> => {
    const response = await archive.server.fetch(path, { method: 'DELETE' });
    await response.text();
    expect(response.status).toBe(200);
  };

  it.each(['relay:before-commit', 'relay:after-commit'])(
    'are each there once and in order after kill -9 at %s',
    async (point) => {
      archive = await startKafkaArchive(kafka, { ANNAL_CRASH_POINT: `${point}:3` });
      const { server } = archive;
      const first = files('A');
      // many uploads may be published in one transaction: after these two the next is the third
      for (const file of first.slice(0, 2)) {
        await uploadAll(server, [file], 1);
        await archive.published();
      }
      await tryUploads(server, first, 1);
      await server.ended();
      await server.run();
      await uploadAll(server, first, CLIENTS);
      await uploadAll(server, files('B'), CLIENTS);
      await archive.published();
      await expectPublishedOnce(kafka, archive);
    },
  );

  it('reach who follows them each once and in order, over kill -9 of the process that publishes', async () => {
    archive = await startKafkaArchive(kafka, undefined, { StableAge: 3600 });
    const { server } = archive;
    const first = files('F');
    await uploadAll(server, first.slice(0, 1), 1);
    await archive.published();
    const follower = await ChangesFollower.start(kafka, archive.changesTopic);
    try {
      const uploading = uploadAll(server, first, CLIENTS);
      await follower.reached(20);
      await server.end('SIGKILL');
      await server.run();
      await uploading;
      await remove(`/patients/${first[0]!.ids.patient}`);
      await archive.published();
      // 2 patients, 4 studies, 8 series and 40 instances came, half of them went
      const last = 54 + 27;
      await follower.reached(last);
      expect(follower.numbers).toEqual(upTo(last));
    } finally {
      await follower.close();
    }
    await expectPublishedOnce(kafka, archive);
  });

  it('have deletions, and go on undisturbed when /changes is emptied and the read models are rebuilt meanwhile', async () => {
    archive = await startKafkaArchive(kafka);
    const { server } = archive;
    const [kept, deleted] = [files('K'), files('D')];
    await uploadAll(server, deleted, CLIENTS);
    const rebuild = spawn(LAUNCHER, ['rebuild', server.configurationFile], {
      env: { ...process.env, NODE_OPTIONS: '' },
      stdio: 'ignore',
    });
    const rebuilt = once(rebuild, 'exit');
    await uploadAll(server, kept, CLIENTS);
    await remove('/changes');
    const studies = [...new Set(deleted.map(({ ids }) => ids.study))];
    await asClients(2, studies, (id) => remove(`/studies/${id}`));
    expect(await rebuilt).toEqual([0, null]);
    await remove(`/patients/${kept[0]!.ids.patient}`);
    await archive.published();
    await expectPublishedOnce(kafka, archive);
    const changes = (await readTopic(kafka, archive.changesTopic)).map(
      (text) => JSON.parse(text) as { ChangeType: string; Path: string },
    );
    const gone = changes.filter(({ ChangeType }) => ChangeType === 'Deleted').map(({ Path }) => Path);
    expect(gone).toEqual(expect.arrayContaining(studies.map((id) => `/studies/${id}`)));
    expect(new Set(gone).size).toBe(gone.length);
  });
});
