/** How much is done in a run. */
export interface Plan {
  /** Rounds that count, beside the one that warms up. */
  readonly rounds: number;
  /** Uploads a round: small files and CT images. */
  readonly smallUploads: number;
  readonly ctUploads: number;
  /** Numbers of studies at which both servers are asked. */
  readonly comparedAt: readonly number[];
  /** Numbers of studies between which the cost of Annal's answers is compared. */
  readonly smallArchive: number;
  readonly largeArchive: number;
  /** Bytes of pixels of each of the eight large files. */
  readonly largeFile: number;
  /** Slices of the CT study, in series of a hundred, and frames of an image. */
  readonly slices: number;
  readonly frames: number;
  /** Seconds that a round of reading takes about, on Orthanc. */
  readonly requestsFactor: number;
}

const FULL: Plan = {
  rounds: 5,
  smallUploads: 3_000,
  ctUploads: 400,
  comparedAt: [2_000, 10_000],
  smallArchive: 1_000,
  largeArchive: 100_000,
  largeFile: 500_000_000,
  slices: 300,
  frames: 60,
  requestsFactor: 1,
};

const QUICK: Plan = {
  rounds: 3,
  smallUploads: 1_500,
  ctUploads: 200,
  comparedAt: [2_000],
  smallArchive: 1_000,
  largeArchive: 20_000,
  largeFile: 100_000_000,
  slices: 100,
  frames: 20,
  requestsFactor: 0.4,
};

/** The plan of a full run, or of one of a few minutes. */
export function planFor(quick: boolean): Plan {
  return quick ? QUICK : FULL;
}
