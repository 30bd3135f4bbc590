import pg from 'pg';

/**
 * What may be told of an error. PostgreSQL's own words, and those of JavaScript about a value, may quote tags; what this
 * program and its connections say does not.
 */
export function describeError(error: unknown): string {
  if (error instanceof pg.DatabaseError) {
    const where = error.constraint ?? error.table;
    return `PostgreSQL error ${error.code ?? 'without a code'}${where === undefined ? '' : ` at ${where}`}`;
  }
  if (!(error instanceof Error)) return 'Unknown error';
  const { name, message } = error;
  const { code } = error as NodeJS.ErrnoException;
  if (aboutValue(error) || message === '') return code === undefined ? name : `${name} ${code}`;
  return message;
}

/** Whether JavaScript itself complains about a value. */
export function aboutValue(error: unknown): boolean {
  if (!(error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError)) return false;
  // those that Node.js gives a code are about the way to a server
  return (error as NodeJS.ErrnoException).code === undefined;
}
