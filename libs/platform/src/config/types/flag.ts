const FLAGS: ReadonlyMap<unknown, boolean> = new Map<unknown, boolean>([
  [true, true],
  ['1', true],
  ['true', true],
  [1, true],
  [false, false],
  ['0', false],
  ['false', false],
  [0, false],
]);

/** What Orthanc takes for a Boolean among the properties of a DICOMweb server; undefined: it is none. */
export function flagOf(value: unknown): boolean | undefined {
  return FLAGS.get(value);
}
