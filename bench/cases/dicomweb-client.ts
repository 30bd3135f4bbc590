import { idsOfImage } from '../archive/images.js';
import { type Bench } from '../measure/bench.js';
import { type Plan } from '../plan.js';
import { DicomWebStandIn } from '../servers/dicomweb-stand-in.js';

const GROUP = 'DICOMweb client';
const AREA = 41;
const CT_PIXELS = 520_000;
/** With the header, bytes. */
const FILE_SIZE = 525_000;
/** Under which name the servers know the other one. */
const OTHER = '/dicom-web/servers/bench';

/** Sending the CT study to another DICOMweb server, and retrieving one from there: the same stand-in for both servers. */
export async function dicomWebClient(bench: Bench, { slices }: Plan): Promise<void> {
  bench.report('uploading images');
  const images = { kind: 'slices', count: slices } as const;
  for (const server of bench.servers) await bench.run(server, 8, { kind: 'image-uploads', images });
  const shape = { series: [1, 1], instances: [slices, slices] } as const;
  const standIn = await DicomWebStandIn.start({ area: AREA, shape, pixelBytes: CT_PIXELS });
  const post = (path: string, body: object): { method: 'POST'; path: string; body: string } => ({
    method: 'POST',
    path: `${OTHER}/${path}`,
    body: JSON.stringify(body),
  });
  const rate = { group: GROUP, connections: 1, unit: 'MB/s', units: () => (slices * FILE_SIZE) / 1e6 };
  try {
    for (const { url } of bench.servers) await change(url, 'PUT', JSON.stringify([standIn.url]));
    const study = idsOfImage('slices').study;
    await bench.compare({
      ...rate,
      name: `sending a study of ${slices} slices by STOW-RS`,
      goal: { kind: 'at least', value: 2 },
      work: () => ({ kind: 'requests', requests: [post('stow', { Resources: [study] })], times: 1 }),
    });
    await bench.compare({
      ...rate,
      name: `retrieving a study of ${slices} slices by WADO-RS`,
      goal: { kind: 'at least', value: 1.5 },
      // another study in each round: storing again what is there would be less work
      work: (round) => ({
        kind: 'requests',
        requests: [post('retrieve', { Resources: [{ Study: String(round) }] })],
        times: 1,
      }),
    });
    bench.noteMemory(GROUP);
  } finally {
    for (const { url } of bench.servers) await change(url, 'DELETE').catch(() => undefined);
    await standIn.close();
  }
}

async function change(url: string, method: 'PUT' | 'DELETE', body?: string): Promise<void> {
  const answer = await fetch(url + OTHER, { method, ...(body !== undefined && { body }) });
  if (!answer.ok) throw new Error(`${method} ${OTHER}: ${answer.status}`);
}
