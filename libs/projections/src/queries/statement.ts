/** A query as the pg package takes it: parameters in place of values, perhaps a name under which it stays prepared. */
export interface Statement {
  readonly text: string;
  readonly values?: unknown[];
  readonly name?: string;
  /** Rows as arrays of columns: cheaper for many narrow rows. */
  readonly rowMode?: 'array';
}

/** What runs statements: a pool or a connection of the pg package. */
export interface StatementRunner {
  query<R>(statement: Statement): Promise<{ readonly rows: R[] }>;
}

/** The texts that stay prepared in every connection. Bounded, because PostgreSQL holds them until the connection ends. */
const NAMES = new Map<string, string>();
const MAXIMUM_NAMES = 500;

/** A statement that is parsed and planned once a connection, as long as there are not too many of them. */
export function prepared(text: string, values: unknown[]): Statement {
  let name = NAMES.get(text);
  if (name === undefined && NAMES.size < MAXIMUM_NAMES) {
    name = `annal_${NAMES.size}`;
    NAMES.set(text, name);
  }
  return name === undefined ? { text, values } : { name, text, values };
}

/** Collects the values of a statement while its text is written. */
export class Parameters {
  readonly values: unknown[] = [];

  /** The placeholder for a value. A NUL, which no text in a table has, becomes a character that none has either. */
  add(value: unknown): string {
    this.values.push(withoutNul(value));
    return `$${this.values.length}`;
  }

  /**
   * The placeholder for some records or texts as JSON, for `json_to_recordset` and the like. A list of PostgreSQL's makes it plan
   * anew each time, where it takes lists that it has not seen for longer: more work than to find some rows by key.
   */
  addJson(values: readonly unknown[]): string {
    return this.add(JSON.stringify(values, (_, value: unknown) => (typeof value === 'string' ? inJson(value) : value)));
  }
}

/** Half of a character becomes one that none has either, as in every other text that is sent to PostgreSQL. */
export function inJson(text: string): string {
  return (withoutNul(text) as string).toWellFormed();
}

function withoutNul(value: unknown): unknown {
  if (typeof value === 'string') return value.includes('\0') ? value.replaceAll('\0', '\ufffe') : value;
  return Array.isArray(value) && typeof value[0] === 'string' ? value.map(withoutNul) : value;
}
