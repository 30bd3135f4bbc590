import { FOLD_ANNOTATE, FOLD_LOAD_ANNOTATIONS } from './fold-annotations.js';
import { FOLD_ATTACH, FOLD_ATTACHED, FOLD_COMPRESSION, FOLD_LINE, FOLD_RECODE } from './fold-attachments.js';
import { FOLD_DELETE } from './fold-delete.js';
import { FOLD_AT, FOLD_FILL, FOLD_FINISH, FOLD_LOAD, FOLD_WRITE } from './fold-functions.js';
import { FOLD_WRITE_EXPORTS } from './fold-exports.js';
import { FOLD_LOAD_JOBS, FOLD_WRITE_JOBS } from './fold-jobs.js';
import { FOLD_WRITE_REMOTES } from './fold-remotes.js';
import { FOLD_RECONSTRUCT } from './fold-reconstruct.js';
import { QUERY_INDEXES } from './query-indexes.js';
import { READ_MODEL_TABLES, READ_MODEL_VERSION } from './tables.js';

/** The schema with the live read models. */
export const LIVE_SCHEMA = 'annal_index';
/** The schema in which a rebuild works until it takes the live one's place. */
export const REBUILD_SCHEMA = 'annal_index_rebuild';

/** SQL that creates empty read models in a schema of their own. */
export function createReadModel(schema: string): string {
  return `${createUnindexed(schema)} ${QUERY_INDEXES.join('; ')};`;
}

/** SQL that creates empty read models which are folded into before {@link indexesForQueries}. */
export function createUnindexed(schema: string): string {
  return `
CREATE SCHEMA ${schema};
${setPath(schema)}
${READ_MODEL_TABLES}
${FOLD_LOAD}
${FOLD_WRITE}
${FOLD_AT}
${FOLD_FINISH}
${FOLD_FILL}
${FOLD_DELETE}
${FOLD_LOAD_ANNOTATIONS}
${FOLD_ANNOTATE}
${FOLD_COMPRESSION}
${FOLD_LINE}
${FOLD_ATTACHED}
${FOLD_ATTACH}
${FOLD_RECODE}
${FOLD_RECONSTRUCT}
${FOLD_LOAD_JOBS}
${FOLD_WRITE_JOBS}
${FOLD_WRITE_REMOTES}
${FOLD_WRITE_EXPORTS}
INSERT INTO folded_position (partition, "offset", version) VALUES (0, -1, ${READ_MODEL_VERSION});
`;
}

/**
 * SQL that gives read models the indexes that queries need, a transaction each: while one is under way, PostgreSQL cleans
 * up nothing that a running server leaves. One process does it, as the fold would: the other cores are the server's.
 */
export function indexesForQueries(schema: string): readonly string[] {
  return QUERY_INDEXES.map(
    (index) => `BEGIN; ${setPath(schema)} SET LOCAL max_parallel_maintenance_workers = 0; ${index}; COMMIT`,
  );
}

function setPath(schema: string): string {
  return `SET LOCAL search_path = ${schema}, annal_log, annal_ops, public;`;
}

/**
 * SQL that gives a schema its own, empty copies of what the fold writes outside the read models, so that a rebuild in it
 * touches nothing live; its changes feed is compared with the true one in the end.
 */
export function shadowSideEffects(schema: string): string {
  return ['change_feed', 'blob_garbage', 'removed_studies', 'outcomes']
    .map((table) => {
      const home = table === 'change_feed' ? 'annal_log' : 'annal_ops';
      return `CREATE UNLOGGED TABLE ${schema}.${table} (LIKE ${home}.${table} INCLUDING DEFAULTS INCLUDING INDEXES);`;
    })
    .join('\n');
}

/** The search path under which the read models' SQL runs. */
export function searchPath(schema: string): string {
  return `${schema},annal_log,annal_ops,public`;
}
