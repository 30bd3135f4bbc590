/** What a figure is to reach. */
export interface Goal {
  readonly kind: 'at least' | 'at most';
  readonly value: number;
}

/** How one server did in a case. Latencies in ms. */
export interface Side {
  /** Units a second: the median of the rounds. */
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
  /** Processor time of all the server's processes for a unit, ms. */
  readonly cpu?: number;
}

/** A case that both servers did, or Annal alone. */
export interface Comparison {
  readonly group: string;
  readonly name: string;
  readonly unit: string;
  readonly goal?: Goal;
  readonly annal: Side;
  readonly orthanc?: Side;
  /** Annal's rate by Orthanc's: the median of the rounds, each of which had both. */
  readonly ratio?: number;
}

/** A figure of Annal alone. */
export interface Figure {
  readonly group: string;
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly goal?: Goal;
  /** What it was made from. */
  readonly detail?: string;
}

export type Measurement = Comparison | Figure;

/** What is compared with the goal: the ratio of a comparison, the value of a figure. */
export function decisive(measurement: Measurement): number | undefined {
  return 'value' in measurement ? measurement.value : measurement.ratio;
}

/** Whether the goal was reached; undefined where there is none, or nothing to compare. */
export function reached(measurement: Measurement): boolean | undefined {
  const value = decisive(measurement);
  const { goal } = measurement;
  if (!goal || value === undefined) return undefined;
  return goal.kind === 'at least' ? value >= goal.value : value <= goal.value;
}
