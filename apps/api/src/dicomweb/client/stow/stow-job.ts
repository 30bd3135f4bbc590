import type { Job, JobJson, JobObject } from '@annal/domain';
import type { OutgoingHttp } from '@annal/platform';
import { readArchiveSeries, readIdsOfUids, type StatementRunner } from '@annal/projections';
import { Arrivals, type ArrivedBefore } from '../../../exports/arrivals.js';
import type { ExportTrace } from '../../../exports/export-trace.js';
import { OrthancError } from '../../../http/errors/http-errors.js';
import type { JobType, StepContext, StepDone } from '../../../jobs/job-type.js';
import { archiveFiles, beginning, type Place } from '../../../rest/archives/archive-files.js';
import type { InstanceFileService } from '../../../rest/instances/instance-file.service.js';
import { withFailure } from '../job-failure.js';
import { inMegabytes } from '../in-megabytes.js';
import { inParallel } from '../../../load/in-parallel.js';
import { asRemoteError } from '../../../remotes/remote-failure.js';
import type { JobHeaders } from '../requests/job-headers.js';
import { exportTo, type RemoteServer } from '../servers/remote-server.js';
import type { RemoteServers } from '../servers/remote-servers.service.js';
import { resourcesOf, shownOf, type StowOrder } from './stow-order.js';
import { type SentFile, stowBody } from './stow-request.js';
import { arrivedUids, checkStowAnswer } from './stow-result.js';

/** What was sent so far. */
interface Sent {
  /** Of the next file. */
  readonly place: Place;
  /** Of all requests. */
  readonly bytes: number;
  /** The run that sent it. */
  readonly epoch: number;
  readonly arrived?: ArrivedBefore;
}

/** A file to be sent, and the Orthanc identifiers of its instance and of all that this is in. */
interface TracedFile extends SentFile {
  readonly line: readonly string[];
}

/** What all requests of a step have in common. */
interface Sending {
  readonly server: RemoteServer;
  readonly order: StowOrder;
  /** Whether some of it may have arrived before. */
  readonly again: boolean;
  readonly arrivals: Arrivals;
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
    private readonly headers: Pick<JobHeaders, 'opened'>,
    private readonly http: Pick<OutgoingHttp, 'whole'>,
    private readonly pool: StatementRunner,
    private readonly files: Pick<InstanceFileService, 'contentOnceRead'>,
    private readonly trace: Pick<ExportTrace, 'jobEnded' | 'jobStep'>,
    private readonly bounds: StowBounds,
  ) {}

  async step(job: Job, { signal }: StepContext): Promise<StepDone> {
    const order = await this.headers.opened<StowOrder>(job);
    // a first run of the first step sends nothing again
    const before = (job.memory as Sent | null) ?? { place: beginning(), bytes: 0, epoch: 1 };
    const again = before.epoch !== job.epoch;
    const server = await this.servers.find(order.server, order.run);
    const arrivals = new Arrivals(resourcesOf(order), before.arrived);
    const sending: Sending = { server, order, again, arrivals };
    return this.trace.jobStep(job.id, exportTo(server), arrivals, () => this.stepTo(job, sending, before, signal));
  }

  private async stepTo(job: Job, sending: Sending, before: Sent, signal: AbortSignal): Promise<StepDone> {
    const { server, order, arrivals } = sending;
    const { files, next } = await this.batch(order, before.place);
    const requests = cut(files, this.bounds.request);
    const sizes = await inParallel(requests, this.bounds.atOnce, signal, (some, wanted) =>
      this.send(sending, some, wanted),
    );
    const bytes = sizes.reduce((sum, size) => sum + size, before.bytes);
    const now = { place: next, bytes, epoch: job.epoch, arrived: arrivals.memory };
    const isDone = next.count >= order.instances;
    if (isDone && resourcesOf(order).length > 0) {
      const { instances } = order;
      await this.trace.jobEnded(job.id, exportTo(server), { outcome: 'success', instances, failed: 0, bytes });
    }
    return {
      memory: isDone ? null : (now as unknown as JobJson),
      content: { NetworkSizeMB: inMegabytes(bytes) },
      progress: isDone ? 1 : next.count / order.instances,
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
  ): Promise<{ readonly files: readonly TracedFile[]; readonly next: Place }> {
    const { asOf, series: count, instances } = order;
    const ids = resourcesOf(order);
    const deleted = (): OrthancError => new OrthancError('InexistentItem', 'Deleted while it was sent');
    const series = await readArchiveSeries(this.pool, ids, asOf);
    const there = series.reduce((sum, one) => sum + one.instances, 0);
    if (series.length < count || there < instances) throw deleted();
    const files: TracedFile[] = [];
    const { step } = this.bounds;
    let [next, bytes] = [from, 0];
    for await (const file of archiveFiles(this.pool, series, ids, { media: true, utf8: true, asOf }, from)) {
      const { instance, series: of } = file;
      const line = [of.patientId, of.studyId, of.seriesId, instance.id];
      files.push({ size: instance.size, read: () => this.files.contentOnceRead(instance), line });
      next = file.next;
      bytes += instance.size;
      if (files.length >= step.files || bytes >= step.bytes) break;
    }
    return { files, next };
  }

  /** Sends one request; the bytes of its body. */
  private async send(
    { server: { name, endpoint, chunked }, order: { headers }, again, arrivals }: Sending,
    files: readonly TracedFile[],
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
    try {
      checkStowAnswer(answer, { server: name, instances: files.length, again }, this.bounds.depth);
    } catch (error) {
      for (const file of await this.arrivedOf(files, arrivedUids(answer, again, this.bounds.depth))) {
        arrivals.add(file.line);
      }
      throw error;
    }
    for (const { line } of files) arrivals.add(line);
    return length;
  }

  /** Those of these files whose instances the other server says to have, by their SOP Instance UIDs. */
  private async arrivedOf(files: readonly TracedFile[], uids: readonly string[]): Promise<readonly TracedFile[]> {
    if (uids.length === 0) return [];
    const ids = new Set((await readIdsOfUids(this.pool, uids)).map(({ id }) => id));
    return files.filter(({ line }) => ids.has(line.at(-1)!));
  }
}

/** The files in order, as many at once as the bounds allow, one at least. */
function cut(files: readonly TracedFile[], bounds: Bounds): readonly (readonly TracedFile[])[] {
  const requests: TracedFile[][] = [];
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
