import type { Execute } from '../fold/execute.js';
import { sqlText } from '../fold/sql-literal.js';
import { COMMIT_DURABLY, COMMIT_LAZILY } from './lazy-commits.js';
import { createUnindexed, indexesForQueries, shadowSideEffects } from '../schema/read-model.js';

/** The schema is not one that an index of the past may be made in. */
export class SchemaRefused extends Error {
  override readonly name = 'SchemaRefused';
}

/** How the comment begins by which such a schema is known. */
const MARK = 'annal rebuild --until';
const NAME = /^[a-z][a-z0-9_]{0,62}$/;
/** Those of this program and of PostgreSQL. */
const TAKEN = /^(annal|annal_.*|pg_.*|public|information_schema)$/;

/** Whether an index of the past may have this name. @throws SchemaRefused */
export function checkSchemaName(schema: string): void {
  if (!NAME.test(schema)) {
    throw new SchemaRefused(
      `"${schema}" is no name for a schema: lower case letters, digits and "_", beginning with a letter`,
    );
  }
  if (TAKEN.test(schema)) throw new SchemaRefused(`The schema ${schema} is not free. Give another name`);
}

/**
 * Makes empty read models in a schema of their own, in the place of those that were made there before.
 * @param schema a name that was checked
 * @throws SchemaRefused where the schema is somebody else's
 */
export async function createPastSchema(execute: Execute, schema: string): Promise<void> {
  const [[row] = []] = await execute(
    `SELECT oid IS NOT NULL AS there, obj_description(oid, 'pg_namespace') AS comment
      FROM (SELECT to_regnamespace('${schema}')::oid AS oid) s`,
  );
  if (row!.there === true && !String(row!.comment).startsWith(MARK)) {
    throw new SchemaRefused(
      `The schema ${schema} is there, and not made by "annal rebuild --until". Give another name`,
    );
  }
  await execute(COMMIT_LAZILY);
  await execute(`BEGIN; DROP SCHEMA IF EXISTS ${schema} CASCADE; ${createUnindexed(schema)}
    ${shadowSideEffects(schema)} ${describe(schema, 'under way, or broken off')}; COMMIT`);
}

/** Leaves what is to be looked at: tables, which nothing folds into any more. @param what they show */
export async function finishPastSchema(execute: Execute, schema: string, what: string): Promise<void> {
  for (const index of indexesForQueries(schema)) await execute(index);
  await execute(`BEGIN; ${COMMIT_DURABLY};
    DROP TABLE ${schema}.blob_garbage, ${schema}.removed_studies, ${schema}.outcomes, ${schema}.folded_writers;
    ALTER TABLE ${schema}.change_feed SET LOGGED;
    DO $do$ DECLARE f regprocedure; BEGIN
      FOR f IN SELECT oid FROM pg_proc WHERE pronamespace = '${schema}'::regnamespace LOOP
        EXECUTE 'DROP FUNCTION ' || f;
      END LOOP;
    END $do$;
    ${describe(schema, what)}; COMMIT`);
}

function describe(schema: string, what: string): string {
  return `COMMENT ON SCHEMA ${schema} IS ${sqlText(`${MARK}: ${what}`)}`;
}
