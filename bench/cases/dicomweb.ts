import { type Bench } from '../measure/bench.js';
import { type Plan } from '../plan.js';
import { dicomWebMetadata } from './dicomweb-metadata.js';
import { dicomWebRendered } from './dicomweb-rendered.js';
import { dicomWebRetrieve } from './dicomweb-retrieve.js';
import { dicomWebStow } from './dicomweb-stow.js';

/** DICOMweb on a CT study. */
export async function dicomWeb(bench: Bench, plan: Plan): Promise<void> {
  bench.report('uploading images');
  const images = { kind: 'slices', count: plan.slices } as const;
  for (const server of bench.servers) await bench.run(server, 8, { kind: 'image-uploads', images });
  await dicomWebMetadata(bench, plan);
  await dicomWebRetrieve(bench, plan);
  await dicomWebRendered(bench, plan);
  await dicomWebStow(bench, plan);
  bench.noteMemory('DICOMweb');
}
