const TABLES = ['patients', 'studies', 'series', 'instances'] as const;

/** SQL for the identifiers of a level among `[{ level, id }]`. */
function wantedAt(level: number): string {
  return `ARRAY(SELECT w.id FROM json_to_recordset(p_wanted) AS w(level int, id text) WHERE w.level = ${level})`;
}

/**
 * What users noted on the resources of `[{ level, id }]`, without the values: `[[level, id, key, labels, metadata,
 * protected]]`, metadata being `{ number: [revision, position] }`.
 */
export const FOLD_LOAD_ANNOTATIONS = `
CREATE FUNCTION fold_metadata_heads(p_metadata jsonb) RETURNS json LANGUAGE sql IMMUTABLE AS $fn$
  SELECT json_object_agg(m.key, json_build_array(m.value->'revision', m.value->'position')) FROM jsonb_each(p_metadata) m
$fn$;

CREATE FUNCTION fold_load_annotations(p_wanted json) RETURNS json LANGUAGE plpgsql VOLATILE AS $fn$
DECLARE
  v_found json;
BEGIN
  SELECT json_agg(found.entry) INTO v_found FROM (
    ${TABLES.map(
      (table, level) => `SELECT json_build_array(${level}, t.id, t.key, t.labels, fold_metadata_heads(t.user_metadata),
      ${table === 'patients' ? 't.protected' : 'false'}) AS entry FROM ${table} t WHERE t.id = ANY (${wantedAt(level)})`,
    ).join('\n    UNION ALL ')}
  ) found;
  RETURN v_found;
END $fn$;
`;

/** Writes what a batch changed of it, into the resources' own rows: who knows these by their version sees the change. */
export const FOLD_ANNOTATE = `
CREATE FUNCTION fold_annotate(p_rows json) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $fn$
DECLARE
  v_rows int;
  v_written int := 0;
BEGIN
  ${TABLES.map(
    (
      table,
      level,
    ) => `UPDATE ${table} t SET labels = r.labels,${table === 'patients' ? ' protected = r.protected,' : ''}
      user_metadata = nullif((coalesce(t.user_metadata, '{}') - r.removed) || r."set", '{}')
    FROM json_to_recordset(p_rows) AS r(level int, key bigint, labels text[], "set" jsonb, removed text[], protected boolean)
    WHERE r.level = ${level} AND t.key = r.key;
  GET DIAGNOSTICS v_rows = ROW_COUNT;
  v_written := v_written + v_rows;`,
  ).join('\n  ')}
  IF v_written <> json_array_length(p_rows) THEN RAISE EXCEPTION 'a resource to annotate is not there'; END IF;
  RETURN true;
END $fn$;
`;
