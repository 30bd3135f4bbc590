import type { ExportReport, ExportResult, Job, JobJson, JobObject } from '@annal/domain';
import type { StatementRunner } from '@annal/projections';
import { Arrivals, type ArrivedBefore } from '../../exports/arrivals.js';
import type { ExportTrace } from '../../exports/export-trace.js';
import { OrthancError } from '../../http/errors/http-errors.js';
import type { JobType, StepContext, StepDone } from '../../jobs/job-type.js';
import { inParallel } from '../../load/in-parallel.js';
import { type InstanceToSend, instancesToSend, type SentPlace } from './instances-to-send.js';
import { exportTo } from './peer-exports.service.js';
import type { PeerSender } from './peer-sender.js';
import type { Peer } from './peer.js';
import { type PeerStoreOrder, type SentSoFar, shownOf } from './peer-store-order.js';
import type { Peers } from './peers.service.js';

/** What Orthanc calls such jobs. */
export const PEER_STORE = 'OrthancPeerStore';

/** What bounds a step. */
export interface StepBounds {
  readonly files: number;
  /** Of files, as they are stored. */
  readonly bytes: number;
  /** No file is begun later in a step, ms. */
  readonly time: number;
}

/** A few seconds of work: so much is sent again at most after a kill. */
const STEP: StepBounds = { files: 500, bytes: 256 * 1024 * 1024, time: 2000 };

/** What was sent so far. */
interface Memory extends SentSoFar {
  readonly last: SentPlace | null;
  readonly done: number;
  /** Instances that the peer answered well to, but did not keep: for Orthanc, and so for the job, that is a success. */
  readonly unkept?: number;
  readonly arrived?: ArrivedBefore;
}

/** What all that a step sends has in common. */
interface Sending {
  readonly peer: Peer;
  readonly order: PeerStoreOrder;
  readonly permissive: boolean;
  readonly arrivals: Arrivals;
}

/**
 * Sends instances to a peer, some at a time. A step that was cut off is done again: the peer answers that it has the instance
 * already, so nothing counts twice there, and nothing is left out.
 */
export class PeerStoreJob implements JobType {
  readonly name = PEER_STORE;

  /** @param atOnce instances that are on their way at once */
  constructor(
    private readonly peers: Peers,
    private readonly sender: PeerSender,
    private readonly trace: Pick<ExportTrace, 'jobEnded' | 'jobStep'>,
    private readonly pool: StatementRunner,
    private readonly atOnce: number,
    private readonly bounds: StepBounds = STEP,
  ) {}

  shown(job: Job): JobObject {
    return shownOf(job);
  }

  async step(job: Job, { signal }: StepContext): Promise<StepDone> {
    const order = job.parameters as unknown as PeerStoreOrder;
    const before = (job.memory as Memory | null) ?? { last: null, done: 0, failed: 0, size: 0 };
    const peer = await this.peers.find(order.peer, order.run);
    const arrivals = new Arrivals(order.ids, before.arrived);
    const sending: Sending = { peer, order, permissive: job.permissive, arrivals };
    return this.trace.jobStep(job.id, exportTo(peer), arrivals, () => this.stepTo(job, sending, before, signal));
  }

  private async stepTo(job: Job, sending: Sending, before: Memory, signal: AbortSignal): Promise<StepDone> {
    const { peer, order, arrivals } = sending;
    const { sent, isEnd } = await this.sendSome(sending, before, signal);
    const missing = isEnd ? order.instances - sent.done : 0;
    if (missing > 0 && !job.permissive) throw new OrthancError('InexistentItem', 'Deleted while it was sent');
    const { failed, size } = { failed: sent.failed + missing, size: sent.size };
    if (isEnd)
      await this.trace.jobEnded(
        job.id,
        exportTo(peer),
        resultOf(order, { failed: failed + (sent.unkept ?? 0), size }, arrivals),
      );
    return {
      memory: isEnd ? null : ({ ...sent, arrived: arrivals.memory } as unknown as JobJson),
      content: { failed, size } satisfies SentSoFar,
      progress: isEnd ? 1 : sent.done / Math.max(1, order.instances),
      ...(isEnd && { outputs: {} }),
    };
  }

  private async sendSome(
    { peer, order, permissive, arrivals }: Sending,
    before: Memory,
    signal: AbortSignal,
  ): Promise<{ readonly sent: Memory; readonly isEnd: boolean }> {
    const { pool, bounds } = this;
    let { last, done } = before;
    let isEnd = true;
    const wanted = async function* (): AsyncGenerator<InstanceToSend, void> {
      const until = performance.now() + bounds.time;
      let [files, bytes] = [0, 0];
      for await (const one of instancesToSend(pool, order, before.last)) {
        const { instance, place } = one;
        if (files > 0 && (files >= bounds.files || bytes >= bounds.bytes || performance.now() > until)) {
          isEnd = false;
          return;
        }
        last = place;
        files += 1;
        done += 1;
        bytes += instance.size;
        yield one;
      }
    };
    const sent = await inParallel(wanted(), this.atOnce, signal, async ({ instance, line }, wantedStill) => {
      try {
        const file = await this.sender.send(peer, instance, order, wantedStill);
        if (file.isKept) arrivals.add(line);
        return file;
      } catch (error) {
        if (permissive && error instanceof OrthancError) return undefined;
        throw error;
      }
    });
    const failed = sent.filter((file) => file === undefined).length;
    const unkept = sent.filter((file) => file?.isKept === false).length + (before.unkept ?? 0);
    const size = sent.reduce<number>((sum, file) => sum + (file?.size ?? 0), before.size);
    return { sent: { last, done, failed: before.failed + failed, size, unkept }, isEnd };
  }
}

function resultOf(
  { instances }: PeerStoreOrder,
  { failed, size }: SentSoFar,
  arrivals: Arrivals,
): ExportResult & Pick<ExportReport, 'arrived'> {
  const sent = instances - failed;
  const outcome = failed === 0 ? 'success' : sent === 0 ? 'failure' : 'partial';
  return { outcome, instances: sent, failed, bytes: size, ...(failed > 0 && { arrived: arrivals.all() }) };
}
