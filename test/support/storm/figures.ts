/** What a storm has done so far. */
export interface StormFigures {
  /** Processes that were killed, or killed themselves at a step. */
  kills: number;
  /** Of those, the ones at a step. */
  atSteps: number;
  /** Uploads that were acknowledged as new. */
  uploads: number;
  /** Instances of the studies whose deletion was acknowledged. */
  deleted: number;
  /** Archives that jobs make, acknowledged. */
  archives: number;
  /** How often the archive was compared with what was acknowledged. */
  checks: number;
  /** Starts of the whole server. */
  restarts: number;
  /** Blobs that kills left, and the sweeper took. */
  orphans: number;
}

export function noFigures(): StormFigures {
  return { kills: 0, atSteps: 0, uploads: 0, deleted: 0, archives: 0, checks: 0, restarts: 0, orphans: 0 };
}

/** In one line. */
export function describeFigures(figures: StormFigures): string {
  const { kills, atSteps, uploads, deleted, archives, checks, restarts, orphans } = figures;
  return (
    `${kills} kills (${atSteps} at steps), ${uploads} uploads acknowledged, ${deleted} instances deleted, ` +
    `${archives} archives ordered, ${checks} checks done, ${restarts} restarts, ${orphans} orphans swept`
  );
}
