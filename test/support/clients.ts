import { stowBody, stowType } from '../../apps/api/src/dicomweb/testing/stow-body.js';
import type { ArchiveServer, UploadAnswer } from './archive-server.js';
import { until } from './processes.js';
import type { SampleFile } from './sample-study.js';

/** What became of an upload, as its client knows it. */
export interface Attempt {
  readonly file: SampleFile;
  /** Absent: the connection broke before an answer. */
  readonly answer?: { readonly status: number; readonly body: UploadAnswer };
}

/** Runs tasks as so many clients would, each taking the next one when it is done with its last. */
export async function asClients<T, R>(
  clients: number,
  items: readonly T[],
  task: (item: T) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  const client = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) results[index] = await task(items[index]!);
  };
  await Promise.all(Array.from({ length: clients }, client));
  return results;
}

/** Uploads each file once, whatever comes of it. */
export function tryUploads(
  server: ArchiveServer,
  files: readonly SampleFile[],
  clients: number,
): Promise<readonly Attempt[]> {
  return asClients(clients, files, async (file) => ({
    file,
    answer: await server.upload(file.bytes).catch(() => undefined),
  }));
}

/** Whether the archive said that it has the file, be it visible yet or not. */
export function isAcknowledged({ answer }: Attempt): boolean {
  return answer?.status === 200 || answer?.status === 202;
}

/** Uploads each file again and again until the archive shows it, as an importing script would. */
export async function uploadAll(
  server: ArchiveServer,
  files: readonly SampleFile[],
  clients: number,
): Promise<readonly UploadAnswer[]> {
  return asClients(clients, files, async (file) => {
    for (const deadline = Date.now() + 60_000; ;) {
      const answer = await server.upload(file.bytes).catch(() => undefined);
      if (answer?.status === 200) return answer.body;
      if (answer !== undefined && answer.status !== 503 && answer.status !== 202)
        throw new Error(`An upload is answered ${answer.status}`);
      if (Date.now() > deadline) throw new Error('An upload was not taken for a minute');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });
}

/** Sends files by STOW-RS, some in each request, and each request again until all of it is stored. */
export async function stowAll(
  server: ArchiveServer,
  files: readonly SampleFile[],
  perRequest: number,
  clients: number,
): Promise<void> {
  const requests = Array.from({ length: Math.ceil(files.length / perRequest) }, (_, index) =>
    files.slice(index * perRequest, (index + 1) * perRequest).map(({ bytes }) => bytes),
  );
  await asClients(clients, requests, async (parts) => {
    const request = { method: 'POST', body: stowBody(parts), headers: { 'Content-Type': stowType() } };
    await until(async () => {
      const answer = await server.fetch('/dicom-web/studies', request).catch(() => undefined);
      if (answer !== undefined && ![200, 202, 503].includes(answer.status)) {
        throw new Error(`A STOW-RS request is answered ${answer.status}`);
      }
      return answer?.status === 200;
    });
  });
}

/** Resolves when the archive has so many instances. */
export async function someStored(server: ArchiveServer, count: number): Promise<void> {
  await until(async () => {
    const response = await server.fetch('/statistics').catch(() => undefined);
    if (response?.status !== 200) return false;
    return ((await response.json()) as { CountInstances: number }).CountInstances >= count;
  });
}
