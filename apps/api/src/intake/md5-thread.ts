import { createHash } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import type { Md5Answer, Md5Task, Md5ThreadData } from './md5.js';

const { memory, slotSize } = workerData as Md5ThreadData;

parentPort!.on('message', ({ slot, size }: Md5Task) => {
  const bytes = new Uint8Array(memory, slot * slotSize, size);
  parentPort!.postMessage({ slot, md5: createHash('md5').update(bytes).digest('hex') } satisfies Md5Answer);
});
