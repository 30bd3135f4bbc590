/** A place in the log. There is one partition today (0); offsets start at 0 and have no gaps. */
export interface Position {
  readonly partition: number;
  readonly offset: number;
}

/** The position before the first event. */
export const BEGINNING: Position = { partition: 0, offset: -1 };
