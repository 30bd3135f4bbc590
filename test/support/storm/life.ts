import type { ArchiveServer } from '../archive-server.js';
import { until, workersOf } from '../processes.js';
import type { StormFigures } from './figures.js';
import { killOne } from './kill-one.js';
import type { OrderedArchive } from './ordered-archives.js';
import { Random } from './random.js';
import { isOfCommands } from './steps.js';
import { StormClient } from './storm-client.js';
import type { StudyRecord } from './study-record.js';

const CLIENTS = 6;
/** A life ends after so many kills of workers, or so many answers. */
const WORKER_KILLS = 8;
const ANSWERS = 300;
/** The longest that a server under attack gives no answer. */
const SILENCE_MS = 60_000;

/** What a storm goes on with from life to life. */
export interface StormState {
  readonly server: ArchiveServer;
  readonly random: Random;
  readonly figures: StormFigures;
  /** How many kills it ends at. */
  readonly enough: number;
  readonly studies: readonly StudyRecord[];
  /** Since the last comparison. */
  readonly ordered: OrderedArchive[];
  readonly signal: AbortSignal | undefined;
}

/** One run of the server, while clients use it and its processes are killed. */
export class Life {
  private readonly visited = new Set<StudyRecord>();
  private answers = 0;
  private workersKilled = 0;
  private primaryKilled = false;
  private stopped = false;

  /**
   * The life of a server that runs.
   * @param workers how many it has
   * @param step where it kills itself
   */
  constructor(
    private readonly state: StormState,
    private readonly workers: number,
    private readonly step?: string,
  ) {
    void state.server.ended().then(() => (this.stopped = true));
  }

  /**
   * Starts the server, which must not run.
   * @param step where it kills itself
   * @returns undefined where it did so before it served
   */
  static async start(state: StormState, step?: string): Promise<Life | undefined> {
    const { server, random, figures } = state;
    const workers = random.int(1, 2);
    figures.restarts += 1;
    try {
      await server.run({ ANNAL_CRASH_POINT: step ?? '', ORTHANC__ANNAL__WORKERS: String(workers) });
    } catch (error) {
      if (step === undefined || !(error as Error).message.includes('ended (SIGKILL)')) throw error;
      figures.kills += 1;
      figures.atSteps += 1;
      return undefined;
    }
    return new Life(state, workers, step);
  }

  /** Has clients use the server while its processes are killed, until the primary is gone or it is enough. */
  async endure(): Promise<void> {
    const { figures, enough, random, signal } = this.state;
    const workerKills = Math.max(1, Math.min(WORKER_KILLS, enough - figures.kills));
    let failed = false;
    const isEnough = (): boolean =>
      failed ||
      this.stopped ||
      signal?.aborted === true ||
      this.answers >= ANSWERS ||
      this.loggedKills() >= workerKills;
    let working = CLIENTS;
    const clients = Array.from({ length: CLIENTS }, async () => {
      try {
        await this.client(new Random(random.int(0, 2 ** 31)), isEnough);
      } catch (error) {
        failed = true;
        throw error;
      } finally {
        working -= 1;
      }
    });
    // a worker that is on the way to its step would begin anew
    const waits = this.step !== undefined && isOfCommands(this.step);
    const tasks = waits ? clients : [...clients, this.attack(() => isEnough() || working === 0)];
    // nobody is left at work, also when one of them found something wrong
    await Promise.allSettled(tasks);
    await Promise.all(tasks);
    const atSteps =
      Math.max(0, this.loggedKills() - this.workersKilled) + (this.stopped && !this.primaryKilled ? 1 : 0);
    figures.kills += atSteps;
    figures.atSteps += atSteps;
  }

  /** Kills the primary, if it is there. */
  async end(): Promise<void> {
    if (!this.stopped) this.state.figures.kills += 1;
    await this.state.server.end('SIGKILL');
  }

  /** Waits until all processes are there again that were killed. */
  async recovered(): Promise<void> {
    const { server } = this.state;
    await until(() => workersOf(server.pid).length === this.workers);
    // connections kept open may be those of a killed worker
    await until(async () => (await answers(server, '/system')) && (await answers(server, '/health/ready')), SILENCE_MS);
  }

  private async client(random: Random, isEnough: () => boolean): Promise<void> {
    const { server, figures, studies, ordered } = this.state;
    const client = new StormClient(server, random, figures, ordered, () => (this.answers += 1));
    while (!isEnough()) {
      const free = studies.filter((study) => !study.isOpen && !this.visited.has(study));
      // what is to be said of all others waits for the next check
      if (free.length === 0) return;
      const study = random.pick(free);
      this.visited.add(study);
      await client.visit(study, isEnough);
      this.visited.delete(study);
    }
  }

  /** Kills a process whenever clients got some more answers. */
  private async attack(isEnough: () => boolean): Promise<void> {
    const { server, random, figures } = this.state;
    while (!isEnough()) {
      const next = this.answers + random.int(3, 30);
      await until(() => isEnough() || this.answers >= next, SILENCE_MS);
      if (this.answers < next) return;
      const victim = await killOne(server, random);
      if (victim !== undefined) figures.kills += 1;
      if (victim === 'worker') this.workersKilled += 1;
      if (victim === 'primary') this.primaryKilled = true;
    }
  }

  private loggedKills(): number {
    return this.state.server.log.match(/worker process ended \(SIGKILL\)/g)?.length ?? 0;
  }
}

function answers(server: ArchiveServer, path: string): Promise<boolean> {
  return server.fetch(path).then(
    async (response) => {
      await response.arrayBuffer();
      return response.ok;
    },
    () => false,
  );
}
