/** The jobs that a batch touches: `[key, ended, job]` each. */
export const FOLD_LOAD_JOBS = `
CREATE FUNCTION fold_load_jobs(p_jobs text[]) RETURNS json LANGUAGE plpgsql VOLATILE AS $fn$
BEGIN
  IF p_jobs IS NULL THEN RETURN NULL; END IF;
  RETURN (SELECT json_agg(json_build_array(j.key, j.ended, j.job)) FROM jobs j WHERE j.id = ANY (p_jobs));
END $fn$;
`;

/** Writes jobs as they are now; blobs of those that need theirs no more become garbage. */
export const FOLD_WRITE_JOBS = `
CREATE FUNCTION fold_write_jobs(p_jobs json, p_removed text[], p_freed json, p_blobs json, p_garbage json)
RETURNS boolean LANGUAGE plpgsql VOLATILE AS $fn$
BEGIN
  INSERT INTO jobs AS t SELECT * FROM json_populate_recordset(NULL::jobs, p_jobs)
    ON CONFLICT (id) DO UPDATE SET state = excluded.state, ended = excluded.ended, outputs = excluded.outputs,
      job = excluded.job;
  DELETE FROM jobs WHERE id = ANY (p_removed);
  WITH freed AS (
    DELETE FROM job_blobs b USING json_to_recordset(p_freed) AS f(job_id text, position bigint)
      WHERE b.job_id = f.job_id RETURNING b.blob_key, b.job_id, f.position)
  INSERT INTO blob_garbage (key, instance_id, position) SELECT blob_key, job_id, position FROM freed
    ON CONFLICT DO NOTHING;
  INSERT INTO job_blobs SELECT * FROM json_populate_recordset(NULL::job_blobs, p_blobs);
  INSERT INTO blob_garbage (key, instance_id, position)
    SELECT g.key, g.instance_id, g.position
    FROM json_to_recordset(p_garbage) AS g(key text, instance_id text, position bigint)
    ON CONFLICT DO NOTHING;
  RETURN true;
END $fn$;
`;
