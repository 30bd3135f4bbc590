import { Cluster } from '../support/cluster.js';
import { asClients } from '../support/clients.js';
import { describeWithKafka } from '../support/kafka/describe-with-kafka.js';
import { readTopic } from '../support/kafka/records.js';
import { until } from '../support/processes.js';
import { sampleFiles } from '../support/sample-study.js';

const LIMIT = 4;
const CLIENTS = 5;

interface Change {
  readonly ChangeType: string;
  readonly ID: string;
  readonly Path: string;
  readonly Seq: number;
}

describeWithKafka('A cluster of two servers and two projectors that may keep few patients', (kafka) => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await Cluster.start(kafka, undefined, { ORTHANC__MAXIMUM_PATIENT_COUNT: String(LIMIT) });
  }, 180_000);
  afterAll(() => cluster?.close(), 120_000);

  const patients = (server: number): Promise<string[]> => cluster.servers[server]!.json<string[]>('/patients');
  const published = async (): Promise<Change[]> =>
    (await readTopic(kafka, cluster.changesTopic)).map((text) => JSON.parse(text) as Change);

  it('recycles each of them once, and never shows or publishes more, while clients upload to both', async () => {
    // one instance each: what is recycled does not come again
    const files = sampleFiles('L', { patients: 20, studies: 1, series: 1, instances: 1 });
    let uploading = true;
    const counting = asClients(2, [0, 1], async (server) => {
      const seen: number[] = [];
      while (uploading) seen.push((await patients(server)).length);
      return seen;
    });
    const numbered = files.map((file, number) => ({ ...file, number }));
    const statuses = await asClients(CLIENTS, numbered, ({ bytes, number }) =>
      cluster.servers[number % 2]!.upload(bytes),
    ).finally(() => (uploading = false));
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(Math.max(...(await counting).flat())).toBeLessThanOrEqual(LIMIT);

    const kept = (await patients(0)).sort();
    expect((await patients(1)).sort()).toEqual(kept);
    expect(kept).toHaveLength(LIMIT);
    const recycled = files.map(({ ids }) => ids.patient).filter((id) => !kept.includes(id));

    // what is deleted leaves /changes
    const { Changes } = await cluster.servers[1].json<{ Changes: Change[] }>('/changes?limit=1000');
    const came = Changes.filter(({ ChangeType }) => ChangeType === 'NewPatient');
    expect(came.map(({ ID }) => ID).sort()).toEqual(kept);

    // four of each patient that came, and four of each that went
    const all = 4 * (files.length + recycled.length);
    await until(async () => (await published()).length >= all, 60_000);
    const changes = await published();
    expect(changes.map(({ Seq }) => Seq)).toEqual(Array.from({ length: all }, (_, index) => index + 1));
    expect(changes).toEqual(expect.arrayContaining(Changes.map((change): unknown => expect.objectContaining(change))));
    const ofPatients = changes.filter(({ Path }) => Path.startsWith('/patients/'));
    const deleted = ofPatients.filter(({ ChangeType }) => ChangeType === 'Deleted').map(({ ID }) => ID);
    expect(deleted.sort()).toEqual(recycled.sort());
    let [now, most] = [0, 0];
    for (const { ChangeType } of ofPatients) most = Math.max(most, (now += ChangeType === 'Deleted' ? -1 : 1));
    expect([now, most]).toEqual([LIMIT, LIMIT]);
  });
});
