import type { ArchiveServer } from '../archive-server.js';
import { LOG_UNDER_TEST } from '../log-under-test.js';
import { sampleFile, type SampleFile, sampleFiles } from '../sample-study.js';
import { noFigures, type StormFigures } from './figures.js';
import { Life, type StormState } from './life.js';
import { expectArchives } from './ordered-archives.js';
import { Random } from './random.js';
import { randomStep } from './steps.js';
import { expectAcknowledged, expectRebuildable } from './storm-checks.js';
import { StudyRecord } from './study-record.js';

/** Beyond what is held in memory: such a file goes to the blob store as it arrives. */
const LARGE = 5 * 1024 * 1024;

/** So much of what the server logged is of use when something is wrong. */
const SERVER_LINES = 40;

/** At first; later lives have one or two. */
const WORKERS = 2;

/** More than are ordered between two comparisons. */
const ARCHIVES = 10_000;

/** Of a server in a storm: meanwhile resources become stable, and the keys of what was deleted are destroyed. */
export const STORM_CONFIGURATION = {
  StableAge: 1,
  JobsHistorySize: ARCHIVES,
  MediaArchiveSize: ARCHIVES,
  Annal: { Workers: WORKERS, Vault: { Grace: 3 } },
};

/** What a storm is told. */
export interface StormOptions {
  /** Decides which steps, which processes and what clients do, though not when the processes come to it. */
  readonly seed: number;
  /** How many processes are killed, at least. */
  readonly kills: number;
  /** Ends it early. */
  readonly signal?: AbortSignal;
  /** Counted up meanwhile. */
  readonly figures?: StormFigures;
  /** Told after each comparison. */
  readonly checked?: () => void;
}

/**
 * Kills a server again and again, at random steps and moments, while clients upload, delete, upload again what was
 * deleted, read, and have archives made by jobs. Every two lives, and once the read models were made again from the log, compares it with what clients
 * were told.
 * @param server has STORM_CONFIGURATION, and nothing stored; nobody else uses it
 * @throws with the seed, what was lost or is otherwise not as clients were told
 */
export async function storm(server: ArchiveServer, options: StormOptions): Promise<StormFigures> {
  const { seed, kills, signal, figures = noFigures(), checked } = options;
  const enough = figures.kills + kills;
  const state: StormState = {
    server,
    random: new Random(seed),
    figures,
    enough,
    studies: someStudies(),
    ordered: [],
    signal,
  };
  let step = 'none';
  try {
    let life = new Life(state, WORKERS);
    while (figures.kills < enough && !signal?.aborted) {
      await life.endure();
      await life.end();
      step = randomStep(state.random);
      const killsItself = await Life.start(state, step);
      await killsItself?.endure();
      await killsItself?.end();
      life = (await Life.start(state))!;
      if (signal?.aborted) break;
      await life.recovered();
      await compare(state);
      checked?.();
    }
    if (signal?.aborted) return figures;
    await expectRebuildable(server);
    await compare(state);
    return figures;
  } catch (error) {
    // who interrupts it by Ctrl-C interrupts the server too
    if (signal?.aborted) return figures;
    const after = `after ${figures.kills} kills and ${figures.checks} checks, the last step being ${step}`;
    const said = server.log.split('\n').slice(-SERVER_LINES).join('\n');
    throw new Error(
      `Seed ${seed}, log in ${LOG_UNDER_TEST}, ${after}: ${(error as Error).message}\nThe server said last:\n${said}`,
      { cause: error },
    );
  }
}

async function compare({ server, studies, ordered, figures }: StormState): Promise<void> {
  await expectArchives(server, ordered.splice(0));
  figures.orphans += await expectAcknowledged(server, studies);
  figures.checks += 1;
}

function someStudies(): StudyRecord[] {
  const files: SampleFile[] = [
    ...sampleFiles('S', { patients: 10, studies: 2, series: 2, instances: 2 }),
    ...[1, 2].map((instance) => sampleFile({ patient: 'L', study: 1, series: 1, instance }, LARGE)),
  ];
  const studies = Map.groupBy(files, ({ ids }) => ids.study);
  return [...studies].map(([id, ofStudy]) => new StudyRecord(id, ofStudy));
}
