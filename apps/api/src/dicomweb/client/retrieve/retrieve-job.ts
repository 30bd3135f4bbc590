import type { EventContext, Job, JobObject } from '@annal/domain';
import type { OutgoingHttp } from '@annal/platform';
import type { Intake } from '../../../intake/intake.js';
import type { JobType, StepContext, StepDone } from '../../../jobs/job-type.js';
import { accepting } from '../requests/accepting.js';
import type { JobHeaders } from '../requests/job-headers.js';
import { asRemoteError, isSuccess } from '../../../remotes/remote-failure.js';
import { jobRefusal, partialAnswer } from '../requests/refusal.js';
import { withFailure } from '../job-failure.js';
import { inParallel } from '../../../load/in-parallel.js';
import type { RemoteServer } from '../servers/remote-server.js';
import type { RemoteServers } from '../servers/remote-servers.service.js';
import { inMegabytes } from '../in-megabytes.js';
import { type Received, type ReceivedLimits, storeReceived } from './received-parts.js';
import type { RemainingInstances } from './remaining.js';
import type { RetrieveOrder } from './retrieve-order.js';

/** What a step leaves for the next one. What it lists stands in the content alone, as both are in one event. */
interface Memory {
  /** The number of the next resource. */
  readonly next: number;
  readonly instances: number;
  /** Bytes. */
  readonly bytes: number;
  /** The run that retrieved it. */
  readonly epoch: number;
  /** An earlier run may have begun resources before this number. */
  readonly begun: number;
}

/** What was retrieved so far. */
interface Retrieved extends Memory {
  /** Orthanc identifiers, each once, as many as are listed. */
  readonly ids: readonly string[];
}

/** What a step has begun. */
interface Begun {
  /** Resources. */
  count: number;
  /** Orthanc identifiers of their instances that an earlier run stored. */
  readonly stored: string[];
}

const ANY_DICOM = 'multipart/related; type="application/dicom"';

/** What bounds a job's work. */
export interface RetrieveBounds extends ReceivedLimits {
  /** Resources that are retrieved at once. */
  readonly atOnce: number;
  /** After so long a step begins no other resource, ms. */
  readonly stepTime: number;
  /** Identifiers of instances that are listed. */
  readonly listed: number;
  /** The server's name, for the events. */
  readonly source: string;
}

/**
 * Retrieves resources from another DICOMweb server and stores their instances. A step is some resources: of those that were
 * under way when the process ended, what was not stored is retrieved, or all where the other server does not say what it has.
 */
export class RetrieveJob implements JobType {
  readonly name = 'DicomWebWadoRetrieveClient';

  /** @param remaining undefined: what is stored is replaced, so that all is retrieved again */
  constructor(
    private readonly servers: Pick<RemoteServers, 'find'>,
    private readonly headers: Pick<JobHeaders, 'opened'>,
    private readonly http: Pick<OutgoingHttp, 'request'>,
    private readonly intake: Pick<Intake, 'storeInTurn'>,
    private readonly remaining: RemainingInstances | undefined,
    private readonly bounds: RetrieveBounds,
  ) {}

  async step(job: Job, { signal }: StepContext): Promise<StepDone> {
    const order = await this.headers.opened<RetrieveOrder>(job);
    const before = this.before(job);
    const server = await this.servers.find(order.server, order.run);
    const begun: Begun = { count: 0, stored: [] };
    const wanted = this.wanted(server, order, before, begun, signal);
    const received = await inParallel(wanted, this.bounds.atOnce, signal, (path, wantedStill) =>
      this.retrieve(server, path, order, this.contextOf(job, order), wantedStill),
    );
    const now = this.added(before, begun, received);
    const { paths } = order;
    const isDone = now.next >= paths.length;
    return {
      memory: isDone ? null : memoryOf(now),
      content: contentOf(now),
      progress: isDone ? 1 : now.next / paths.length,
      ...(isDone && { outputs: {} }),
    };
  }

  shown(job: Job): JobObject {
    // nothing where its key is gone
    const { server } = job.parameters as unknown as Partial<RetrieveOrder>;
    return withFailure(job, { ...job.content, ...(server !== undefined && { Server: server }) });
  }

  /** What was done before, by this run or earlier ones. */
  private before(job: Job): Retrieved {
    const { epoch } = job;
    const before = retrievedBefore(job);
    return before.epoch === epoch ? before : { ...before, epoch, begun: before.next + this.bounds.atOnce };
  }

  /** What this step asks for. */
  private async *wanted(
    server: RemoteServer,
    { paths, headers }: RetrieveOrder,
    before: Retrieved,
    begun: Begun,
    signal: AbortSignal,
  ): AsyncGenerator<string, void> {
    const until = Date.now() + this.bounds.stepTime;
    for (const path of paths.slice(before.next)) {
      const isBegun = before.next + begun.count < before.begun;
      begun.count += 1;
      const left = isBegun ? await this.remaining?.of(server, path, headers, signal) : undefined;
      if (left) begun.stored.push(...left.stored);
      yield* left?.paths ?? [path];
      if (Date.now() > until) return;
    }
  }

  private async retrieve(
    { name, endpoint, universal }: RemoteServer,
    path: string,
    { headers }: RetrieveOrder,
    context: EventContext,
    signal: AbortSignal,
  ): Promise<Received> {
    const accept = universal ? `${ANY_DICOM}; transfer-syntax=*` : ANY_DICOM;
    const request = { method: 'GET', path, headers: accepting(accept, headers, endpoint), signal };
    const answer = await this.http.request(endpoint, request).catch((error: unknown) => {
      throw asRemoteError(error);
    });
    if (!isSuccess(answer.status) || answer.status === 204) {
      answer.body.on('error', () => undefined).destroy();
      if (answer.status === 204) return { ids: [], bytes: 0 };
      throw jobRefusal(answer.status, name);
    }
    const received = await storeReceived(answer, this.intake, context, this.bounds);
    // PS3.18 section 10.4.3: some of it could not be had
    if (answer.status === 206) throw partialAnswer(name);
    return received;
  }

  /** Of instances that come in: by DICOMweb, for the one who asked. */
  private contextOf({ id }: Job, { user }: RetrieveOrder): EventContext {
    const actor = { protocol: 'dicomweb', ...(user !== undefined && { user }) } as const;
    return { source: this.bounds.source, actor, correlationId: id, now: new Date() };
  }

  private added(before: Retrieved, { count, stored }: Begun, received: readonly Received[]): Retrieved {
    const found = new Set(before.ids);
    const more = [stored, ...received.map(({ ids }) => ids)];
    for (const ids of more) for (const id of ids) if (found.size < this.bounds.listed) found.add(id);
    return {
      ...before,
      next: before.next + count,
      instances: more.reduce((sum, ids) => sum + ids.length, before.instances),
      bytes: received.reduce((sum, each) => sum + each.bytes, before.bytes),
      ids: [...found],
    };
  }
}

function retrievedBefore({ memory, content }: Job): Retrieved {
  // of a first run nothing was begun before
  if (memory === null) return { next: 0, instances: 0, bytes: 0, ids: [], epoch: 1, begun: 0 };
  // former versions left no epoch: what they were at may have been begun
  const { next, instances, bytes, epoch = 0, begun = 0 } = memory as unknown as Memory & Partial<Memory>;
  return { next, instances, bytes, epoch, begun, ids: (content.ReceivedInstances ?? []) as readonly string[] };
}

function memoryOf({ next, instances, bytes, epoch, begun }: Memory): JobObject {
  return { next, instances, bytes, epoch, begun };
}

/** What is shown of the job: counts as texts, as Orthanc has them. */
function contentOf({ instances, bytes, ids }: Retrieved): JobObject {
  return {
    NetworkUsageMB: inMegabytes(bytes),
    ReceivedInstances: ids,
    ReceivedInstancesCount: String(instances),
  };
}
