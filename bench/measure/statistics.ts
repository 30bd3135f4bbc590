/** The value in the middle; of an even number of values the mean of the two. */
export function median(values: ArrayLike<number>): number {
  return (quantile(values, 0.5, Math.floor) + quantile(values, 0.5, Math.ceil)) / 2;
}

/** The value that a share of all values does not exceed. */
export function quantile(values: ArrayLike<number>, share: number, round = Math.ceil): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[round((sorted.length - 1) * share)] ?? NaN;
}
