import { idsOfImage } from '../archive/images.js';
import { type Bench } from '../measure/bench.js';
import { type Plan } from '../plan.js';
import { getJson, type Server } from '../servers/server.js';

const GROUP = 'peers';
/** Of a slice with its header, bytes. */
const FILE_SIZE = 525_000;
/** Under which name the servers know the other one. */
const NAME = 'bench';

/**
 * Sending the CT study to an Orthanc, which is emptied before each time.
 * @param peer undefined: there is none, and nothing is measured
 */
export async function peers(bench: Bench, { slices }: Plan, peer: Server | undefined): Promise<void> {
  if (!peer) return bench.report('NOT RUN: peers, as there is no Orthanc to send to (--peer URL)');
  bench.report('uploading images');
  const images = { kind: 'slices', count: slices } as const;
  for (const server of bench.servers) await bench.run(server, 8, { kind: 'image-uploads', images });
  for (const { url } of bench.servers) await change(url, 'PUT', JSON.stringify([`${peer.url}/`]));
  const body = JSON.stringify({ Resources: [idsOfImage('slices').study], Synchronous: true });
  try {
    await bench.compare({
      group: GROUP,
      name: `sending a study of ${slices} slices to an Orthanc`,
      connections: 1,
      unit: 'MB/s',
      goal: { kind: 'at least', value: 2 },
      prepare: () => emptied(peer),
      work: () => ({
        kind: 'requests',
        requests: [{ method: 'POST', path: `/peers/${NAME}/store`, body }],
        times: 1,
      }),
      units: () => (slices * FILE_SIZE) / 1e6,
    });
    bench.noteMemory('sending to a peer');
  } finally {
    for (const { url } of bench.servers) await change(url, 'DELETE').catch(() => undefined);
    await emptied(peer).catch(() => undefined);
  }
}

async function emptied({ url }: Server): Promise<void> {
  for (const id of await getJson<string[]>(url, '/patients'))
    await fetch(`${url}/patients/${id}`, { method: 'DELETE' });
}

async function change(url: string, method: 'PUT' | 'DELETE', body?: string): Promise<void> {
  const answer = await fetch(`${url}/peers/${NAME}`, { method, ...(body !== undefined && { body }) });
  if (!answer.ok) throw new Error(`${method} of a peer: ${answer.status}`);
}
