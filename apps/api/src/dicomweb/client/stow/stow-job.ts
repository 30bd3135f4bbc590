import type { Job, JobJson, JobObject } from '@annal/domain';
import type { OutgoingHttp } from '@annal/platform';
import { readArchiveSeries, type StatementRunner } from '@annal/projections';
import type { ExportTrace } from '../../../exports/export-trace.js';
import { OrthancError } from '../../../http/errors/http-errors.js';
import type { JobType, StepContext, StepDone } from '../../../jobs/job-type.js';
import { archiveFiles, beginning, type Place } from '../../../rest/archives/archive-files.js';
import type { InstanceFileService } from '../../../rest/instances/instance-file.service.js';
import { withFailure } from '../job-failure.js';
import { inMegabytes } from '../in-megabytes.js';
import { inParallel } from '../../../load/in-parallel.js';
import { asRemoteError } from '../../../remotes/remote-failure.js';
import { exportTo, type RemoteServer } from '../servers/remote-server.js';
import type { RemoteServers } from '../servers/remote-servers.service.js';
import { resourcesOf, shownOf, type StowOrder } from './stow-order.js';
import { type SentFile, stowBody } from './stow-request.js';
import { checkStowAnswer } from './stow-result.js';

/** What was sent so far. */
interface Sent {
  /** Of the next file. */
  readonly place: Place;
  /** Of all requests. */
  readonly bytes: number;
  /** The run that sent it. */
  readonly epoch: number;
}

/** How much goes together. */
interface Bounds {
  readonly files: number;
  /** Bytes. */
  readonly bytes: number;
}

/** What bounds a job's work. */
export interface StowBounds {
  /** Of one step. */
  readonly step: Bounds;
  /** Of one request. */
  readonly request: Bounds;
  /** Requests that are sent at once. */
  readonly atOnce: number;
  /** Of an answer, bytes. */
  readonly answer: number;
  /** Of an answer's nesting. */
  readonly depth: number;
}

/**
 * Sends instances to another DICOMweb server by STOW-RS. A step is some requests, several at once: those of a process that
 * ended amid a step are sent again, in which the receiver finds instances that it has, by their SOP Instance UIDs.
 */
export class StowJob implements JobType {
  readonly name = 'DicomWebStowClient';

  constructor(
    private readonly servers: Pick<RemoteServers, 'find'>,
    private readonly http: Pick<OutgoingHttp, 'whole'>,
    private readonly pool: StatementRunner,
    private readonly files: Pick<InstanceFileService, 'contentOnceRead'>,
    private readonly trace: Pick<ExportTrace, 'jobEnded'>,
    private readonly bounds: StowBounds,
  ) {}

  async step(job: Job, { signal }: StepContext): Promise<StepDone> {
    const order = job.parameters as unknown as StowOrder;
    // a first run of the first step sends nothing again
    const before = (job.memory as Sent | null) ?? { place: beginning(), bytes: 0, epoch: 1 };
    const again = before.epoch !== job.epoch;
    const server = await this.servers.find(order.server, order.run);
    const batch = await this.batch(order, before.place);
    const requests = cut(batch.files, this.bounds.request);
    const sizes = await inParallel(requests, this.bounds.atOnce, signal, (files, wanted) =>
      this.send(server, files, order, again, wanted),
    );
    const bytes = sizes.reduce((sum, size) => sum + size, before.bytes);
    const now: Sent = { place: batch.next, bytes, epoch: job.epoch };
    const isDone = batch.next.count >= order.instances;
    if (isDone && resourcesOf(order).length > 0) {
      const { instances } = order;
      await this.trace.jobEnded(job.id, exportTo(server), { outcome: 'success', instances, failed: 0, bytes });
    }
    return {
      memory: isDone ? null : (now as unknown as JobJson),
      content: { NetworkSizeMB: inMegabytes(bytes) },
      progress: isDone ? 1 : batch.next.count / order.instances,
      ...(isDone && { outputs: {} }),
    };
  }

  shown(job: Job): JobObject {
    return withFailure(job, shownOf(job));
  }

  /** The files of a step, from a place on. @throws OrthancError 404 when there is less than there was at first */
  private async batch(
    order: StowOrder,
    from: Place,
  ): Promise<{ readonly files: readonly SentFile[]; readonly next: Place }> {
    const { asOf, series: count, instances } = order;
    const ids = resourcesOf(order);
    const deleted = (): OrthancError => new OrthancError('InexistentItem', 'Deleted while it was sent');
    const series = await readArchiveSeries(this.pool, ids, asOf);
    const there = series.reduce((sum, one) => sum + one.instances, 0);
    if (series.length < count || there < instances) throw deleted();
    const files: SentFile[] = [];
    const { step } = this.bounds;
    let [next, bytes] = [from, 0];
    for await (const file of archiveFiles(this.pool, series, ids, { media: true, utf8: true, asOf }, from)) {
      const { instance } = file;
      files.push({ size: instance.size, read: () => this.files.contentOnceRead(instance) });
      next = file.next;
      bytes += instance.size;
      if (files.length >= step.files || bytes >= step.bytes) break;
    }
    return { files, next };
  }

  /** Sends one request; the bytes of its body. */
  private async send(
    { name, endpoint, chunked }: RemoteServer,
    files: readonly SentFile[],
    { headers }: StowOrder,
    again: boolean,
    signal: AbortSignal,
  ): Promise<number> {
    const { contentType, length, stream } = stowBody(files);
    const request = {
      method: 'POST',
      path: 'studies',
      headers: { ...headers, accept: 'application/dicom+json', 'content-type': contentType },
      body: chunked ? { stream } : { stream, length },
      signal,
    };
    const answer = await this.http.whole(endpoint, request, this.bounds.answer).catch((error: unknown) => {
      throw asRemoteError(error);
    });
    checkStowAnswer(answer, { server: name, instances: files.length, again }, this.bounds.depth);
    return length;
  }
}

/** The files in order, as many at once as the bounds allow, one at least. */
function cut(files: readonly SentFile[], bounds: Bounds): readonly (readonly SentFile[])[] {
  const requests: SentFile[][] = [];
  let bytes = Infinity;
  for (const file of files) {
    const last = requests.at(-1);
    if (!last || last.length >= bounds.files || bytes + file.size > bounds.bytes) {
      requests.push([file]);
      bytes = file.size;
      continue;
    }
    last.push(file);
    bytes += file.size;
  }
  return requests;
}
