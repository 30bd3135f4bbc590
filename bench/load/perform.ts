import { imageFiles, type ImageFiles } from '../archive/images.js';
import { fileOf, instancesOf, instancesOfStudies, pixelsOf, type SampleInstance, slice } from '../archive/instances.js';
import { largeFile } from '../archive/large-file.js';
import { TINY } from '../archive/study.js';
import { type Body } from './connection.js';
import { HttpClient } from './http-client.js';
import { type Order, type Uploads, type WorkResult } from './work.js';

interface Prepared {
  readonly method: string;
  readonly path: string;
  readonly body?: Body;
  readonly accept?: string;
  readonly contentType?: string;
  readonly encoding?: string;
}

const LARGE_AREA = 500;
const STOW_TYPE = 'multipart/related; type="application/dicom"; boundary=bench-edge';

/** Does what is ordered. Files are made before the clock starts, unless they are too large to be held. */
export async function perform({ url, connections, work }: Order): Promise<WorkResult> {
  const client = new HttpClient(url);
  try {
    switch (work.kind) {
      case 'changes':
        return await readChanges(client, work.limit);
      case 'uploads':
        return await sendAll(client, connections, uploadsOf(work), 1);
      case 'stow':
        return await sendAll(client, connections, stowRequests(work.uploads, work.perRequest), 1);
      case 'image-uploads':
        return await sendAll(client, connections, await imageUploads(work.images), 1);
      case 'large-uploads':
        return await sendAll(client, connections, largeUploads(work.count, work.pixelBytes), 1);
      case 'requests': {
        const requests = work.requests.map(({ body, ...rest }) => ({
          ...rest,
          body: body ? Buffer.from(body) : undefined,
        }));
        return await sendAll(client, connections, requests, work.times);
      }
    }
  } finally {
    client.close();
  }
}

/** Each connection takes the next request as soon as its last one is answered. */
async function sendAll(
  client: HttpClient,
  connections: number,
  requests: readonly Prepared[],
  times: number,
): Promise<WorkResult> {
  const units = requests.length * times;
  const latencies = new Float64Array(units);
  let next = 0;
  let bytes = 0;
  const connection = async (): Promise<void> => {
    while (next < units) {
      const index = next++;
      const { method, path, body, accept, contentType, encoding } = requests[index % requests.length]!;
      const sent = performance.now();
      const answer = await client.send(method, path, body, accept, contentType, encoding);
      latencies[index] = performance.now() - sent;
      bytes += answer.bytes;
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: connections }, connection));
  return { seconds: (performance.now() - start) / 1000, latencies, units, bytes };
}

async function readChanges(client: HttpClient, limit: number): Promise<WorkResult> {
  const latencies: number[] = [];
  let units = 0;
  let bytes = 0;
  const start = performance.now();
  for (let since = 0, done = false; !done;) {
    const sent = performance.now();
    const answer = await client.send('GET', `/changes?since=${since}&limit=${limit}`);
    latencies.push(performance.now() - sent);
    const page = JSON.parse(answer.text()) as { Changes: unknown[]; Done: boolean; Last: number };
    units += page.Changes.length;
    bytes += answer.bytes;
    since = page.Last;
    done = page.Done;
  }
  return { seconds: (performance.now() - start) / 1000, latencies: Float64Array.from(latencies), units, bytes };
}

function uploadsOf({ area, shape, part, pixelBytes }: Uploads): Prepared[] {
  const pixels = pixelBytes > 0 ? pixelsOf(pixelBytes) : undefined;
  const samples: Iterable<SampleInstance> =
    'studies' in part
      ? instancesOfStudies(area, shape, ...part.studies)
      : slice(instancesOf(area, shape), part.skip, part.count);
  return Array.from(samples, (sample) => ({ method: 'POST', path: '/instances', body: fileOf(sample, pixels) }));
}

/** The same files, so many in each request of STOW-RS. */
function stowRequests(uploads: Uploads, perRequest: number): Prepared[] {
  const files = uploadsOf(uploads).map(({ body }) => body as Buffer);
  return Array.from({ length: Math.ceil(files.length / perRequest) }, (_, index) => {
    const chunks = stowChunks(files.slice(index * perRequest, (index + 1) * perRequest));
    const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    return { method: 'POST', path: '/dicom-web/studies', body: { length, chunks }, contentType: STOW_TYPE };
  });
}

function stowChunks(files: readonly Buffer[]): Buffer[] {
  const head = Buffer.from('--bench-edge\r\nContent-Type: application/dicom\r\n\r\n');
  const end = Buffer.from('\r\n');
  return [...files.flatMap((file) => [head, file, end]), Buffer.from('--bench-edge--\r\n')];
}

async function imageUploads(images: ImageFiles): Promise<Prepared[]> {
  const uploads: Prepared[] = [];
  for await (const body of imageFiles(images)) uploads.push({ method: 'POST', path: '/instances', body });
  return uploads;
}

function largeUploads(count: number, pixelBytes: number): Prepared[] {
  return Array.from(slice(instancesOf(LARGE_AREA, TINY), 0, count), (sample) => ({
    method: 'POST',
    path: '/instances',
    body: largeFile(sample, pixelBytes),
  }));
}
