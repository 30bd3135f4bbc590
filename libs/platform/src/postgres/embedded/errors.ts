/** The embedded PostgreSQL can't be run as things are; the message says what to do. */
export class EmbeddedPostgresError extends Error {
  override readonly name: string = 'EmbeddedPostgresError';
}

/** The way out that is always open. */
export const OWN_SERVER =
  'run a PostgreSQL server yourself and give its URL in Annal.Database.Url ("Annal": {"Database": {"Url": "postgres://…"}})';
