import { SCANNED } from '../archive/study.js';
import { type Bench } from '../measure/bench.js';
import { type Plan } from '../plan.js';
import { getJson } from '../servers/server.js';

const AREA = 50;
const STUDIES_A_ROUND = 8;
const CONNECTIONS = 8;

/** Deletes all studies that are there, after some of usual sizes have been added. */
export async function deleteStudies(bench: Bench, plan: Plan): Promise<void> {
  bench.report('delete: uploading the studies');
  for (const server of bench.servers) {
    await bench.run(server, CONNECTIONS, {
      kind: 'uploads',
      area: AREA,
      shape: SCANNED,
      part: { studies: [0, (plan.rounds + 1) * STUDIES_A_ROUND] },
      pixelBytes: 0,
    });
  }
  const { url } = bench.annal;
  const studies = await getJson<string[]>(url, '/studies');
  const sizes = new Map<string, number>();
  for (const id of studies) {
    const { CountInstances } = await getJson<{ CountInstances: number }>(url, `/studies/${id}/statistics`);
    sizes.set(id, CountInstances);
  }
  const share = (round: number): string[] => studies.filter((_, index) => index % (plan.rounds + 1) === round);
  await bench.compare({
    group: 'delete',
    name: 'studies',
    connections: CONNECTIONS,
    unit: 'instances/s',
    goal: { kind: 'at least', value: 3 },
    work: (round) => ({
      kind: 'requests',
      times: 1,
      requests: share(round).map((id) => ({ method: 'DELETE', path: `/studies/${id}` })),
    }),
    units: (round) => share(round).reduce((sum, id) => sum + sizes.get(id)!, 0),
  });
  bench.noteMemory('delete');
}
