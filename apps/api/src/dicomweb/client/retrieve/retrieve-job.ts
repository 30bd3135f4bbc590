import type { EventContext, Job, JobObject } from '@annal/domain';
import type { OutgoingHttp } from '@annal/platform';
import type { Intake } from '../../../intake/intake.js';
import type { JobType, StepContext, StepDone } from '../../../jobs/job-type.js';
import { accepting } from '../requests/accepting.js';
import { asRemoteError, isSuccess } from '../../../remotes/remote-failure.js';
import { jobRefusal } from '../requests/refusal.js';
import { withFailure } from '../job-failure.js';
import { inParallel } from '../../../load/in-parallel.js';
import type { RemoteServer } from '../servers/remote-server.js';
import type { RemoteServers } from '../servers/remote-servers.service.js';
import { inMegabytes } from '../in-megabytes.js';
import { type Received, type ReceivedLimits, storeReceived } from './received-parts.js';
import type { RetrieveOrder } from './retrieve-order.js';

/** What a step leaves for the next one. What it lists stands in the content alone, as both are in one event. */
interface Memory {
  /** The number of the next resource. */
  readonly next: number;
  readonly instances: number;
  /** Bytes. */
  readonly bytes: number;
}

/** What was retrieved so far. */
interface Retrieved extends Memory {
  /** Orthanc identifiers, each once, as many as are listed. */
  readonly ids: readonly string[];
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
 * Retrieves resources from another DICOMweb server and stores their instances. A step is some resources: what of them was
 * stored before the process ended is found to be there already when they are retrieved again.
 */
export class RetrieveJob implements JobType {
  readonly name = 'DicomWebWadoRetrieveClient';

  constructor(
    private readonly servers: Pick<RemoteServers, 'find'>,
    private readonly http: Pick<OutgoingHttp, 'request'>,
    private readonly intake: Pick<Intake, 'storeInTurn'>,
    private readonly bounds: RetrieveBounds,
  ) {}

  async step(job: Job, { signal }: StepContext): Promise<StepDone> {
    const order = job.parameters as unknown as RetrieveOrder;
    const { server: name, run, paths } = order;
    const before = retrievedBefore(job);
    const server = await this.servers.find(name, run);
    const until = Date.now() + this.bounds.stepTime;
    const wanted = function* (): Generator<string, void> {
      for (const path of paths.slice(before.next)) {
        yield path;
        if (Date.now() > until) return;
      }
    };
    const received = await inParallel(wanted(), this.bounds.atOnce, signal, (path, wantedStill) =>
      this.retrieve(server, path, order, this.contextOf(job, order), wantedStill),
    );
    const now = this.added(before, received);
    const isDone = now.next >= paths.length;
    return {
      memory: isDone ? null : memoryOf(now),
      content: contentOf(now),
      progress: isDone ? 1 : now.next / paths.length,
      ...(isDone && { outputs: {} }),
    };
  }

  shown(job: Job): JobObject {
    return withFailure(job, job.content);
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
    return storeReceived(answer, this.intake, context, this.bounds);
  }

  /** Of instances that come in: by DICOMweb, for the one who asked. */
  private contextOf({ id }: Job, { user }: RetrieveOrder): EventContext {
    const actor = { protocol: 'dicomweb', ...(user !== undefined && { user }) } as const;
    return { source: this.bounds.source, actor, correlationId: id, now: new Date() };
  }

  private added({ next, instances, bytes, ids }: Retrieved, received: readonly Received[]): Retrieved {
    const found = new Set(ids);
    for (const each of received) for (const id of each.ids) if (found.size < this.bounds.listed) found.add(id);
    return {
      next: next + received.length,
      instances: received.reduce((sum, each) => sum + each.ids.length, instances),
      bytes: received.reduce((sum, each) => sum + each.bytes, bytes),
      ids: [...found],
    };
  }
}

function retrievedBefore({ memory, content }: Job): Retrieved {
  if (memory === null) return { next: 0, instances: 0, bytes: 0, ids: [] };
  const { next, instances, bytes } = memory as unknown as Memory;
  return { next, instances, bytes, ids: (content.ReceivedInstances ?? []) as readonly string[] };
}

function memoryOf({ next, instances, bytes }: Memory): JobObject {
  return { next, instances, bytes };
}

/** What is shown of the job: counts as texts, as Orthanc has them. */
function contentOf({ instances, bytes, ids }: Retrieved): JobObject {
  return {
    NetworkUsageMB: inMegabytes(bytes),
    ReceivedInstances: ids,
    ReceivedInstancesCount: String(instances),
  };
}
