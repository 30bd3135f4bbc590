import { idsOfImage, type ImageFiles } from '../archive/images.js';
import { type RequestSpec } from '../load/work.js';
import { type Bench } from '../measure/bench.js';
import { type Goal } from '../measure/measurement.js';
import { type Plan } from '../plan.js';
import { archives } from './archives.js';
import { get } from './read-requests.js';

interface ContentCase {
  readonly name: string;
  readonly requests: readonly RequestSpec[];
  /** How many requests a round. */
  readonly count: number;
  readonly goal: number;
}

const CONNECTIONS = 8;
const GROUP = 'contents';
const JPEG = 'image/jpeg';

/** Pictures, arrays, tags, files and archives of a CT study and of images with several frames. */
export async function contents(bench: Bench, plan: Plan): Promise<void> {
  const files: readonly ImageFiles[] = [
    { kind: 'slices', count: plan.slices },
    { kind: 'frames', count: plan.frames },
    { kind: 'compressed frames', count: plan.frames },
  ];
  bench.report('uploading images');
  for (const server of bench.servers) {
    for (const images of files) await bench.run(server, CONNECTIONS, { kind: 'image-uploads', images });
  }
  for (const { name, requests, count, goal } of cases(plan)) {
    const times = Math.max(1, Math.round((count * plan.requestsFactor) / requests.length));
    await bench.compare({
      group: GROUP,
      name,
      connections: CONNECTIONS,
      unit: 'requests/s',
      goal: atLeast(goal),
      work: () => ({ kind: 'requests', requests, times }),
    });
  }
  await archives(bench, plan);
  bench.noteMemory('pictures, arrays and archives');
}

function cases({ slices, frames }: Plan): readonly ContentCase[] {
  const instances = Array.from({ length: Math.min(slices, 100) }, (_, index) => idsOfImage('slices', index).instance);
  const each = (path: string, accept?: string): RequestSpec[] =>
    instances.map((id) => ({ ...get(`/instances/${id}/${path}`), ...(accept !== undefined && { accept }) }));
  const eachFrame = (kind: ImageFiles['kind'], path: string): RequestSpec[] => {
    const id = idsOfImage(kind).instance;
    return Array.from({ length: frames }, (_, index) => get(`/instances/${id}/frames/${index}/${path}`));
  };
  const { series } = idsOfImage('slices');
  return [
    { name: 'preview as PNG', requests: each('preview'), count: 100, goal: 6 },
    { name: 'rendered as JPEG', requests: each('rendered', JPEG), count: 800, goal: 1.1 },
    { name: 'image-uint16 as PNG', requests: each('image-uint16'), count: 100, goal: 4 },
    { name: 'raw frames of an image', requests: eachFrame('frames', 'raw'), count: 1200, goal: 1.3 },
    { name: 'preview of compressed frames', requests: eachFrame('compressed frames', 'preview'), count: 60, goal: 4 },
    { name: 'simplified-tags', requests: each('simplified-tags'), count: 800, goal: 4 },
    { name: 'file of 525 KB', requests: each('file'), count: 1000, goal: 1 },
    { name: `numpy of ${instances.length} slices`, requests: [get(`/series/${series}/numpy`)], count: 8, goal: 3 },
  ];
}

function atLeast(value: number): Goal {
  return { kind: 'at least', value };
}
