/** The four levels of the DICOM hierarchy (PS3.3 section 7), as Orthanc names them. */
export const LEVELS = ['Patient', 'Study', 'Series', 'Instance'] as const;
export type Level = (typeof LEVELS)[number];

/** The collection of a level in paths: `patients`, `studies`, `series`, `instances`. */
export const COLLECTIONS = { Patient: 'patients', Study: 'studies', Series: 'series', Instance: 'instances' } as const;
export type Collection = (typeof COLLECTIONS)[Level];

/** 0 for Patient … 3 for Instance. */
export function depthOf(level: Level): number {
  return LEVELS.indexOf(level);
}

/** The level named by a word, singular or plural in any case (`study`, `Studies`); undefined for any other word. */
export function parseLevel(word: string): Level | undefined {
  const lower = word.toLowerCase();
  return LEVELS.find((level) => level.toLowerCase() === lower || COLLECTIONS[level] === lower);
}
