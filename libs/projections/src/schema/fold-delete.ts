/**
 * Removes a resource, all below it and every ancestor left empty, in a handful of set-based statements. Returns null
 * when there is no such resource, or, with `p_as_of`, when it changed after that or is a protected patient; else `{ change_seq, remaining }`.
 * Levels: 0 patient … 3 instance. Each removed resource gets a Deleted row in the changes feed: instances first, then
 * series, studies, patient, each by key.
 */
export const FOLD_DELETE = `
CREATE FUNCTION fold_delete(p_level int, p_id text, p_as_of bigint, p_position bigint, p_time timestamptz, p_date text, p_type smallint)
RETURNS json LANGUAGE plpgsql VOLATILE AS $fn$
DECLARE
  v_patient bigint;
  v_study bigint;
  v_series bigint;
  v_instance bigint;
  v_updated bigint;
  v_protected boolean := false;
  v_level int := p_level;
  v_seq bigint;
  v_studies bigint[] := '{}';
  v_series_keys bigint[] := '{}';
  v_keys bigint[];
  v_removed bigint[];
  v_instances int;
  v_stored bigint;
  v_size bigint;
  v_attached record;
  v_remaining json;
BEGIN
  IF p_level = 3 THEN
    SELECT key, series_key INTO v_instance, v_series FROM instances WHERE id = p_id;
  ELSIF p_level = 2 THEN
    SELECT key, updated_pos INTO v_series, v_updated FROM series WHERE id = p_id;
  ELSIF p_level = 1 THEN
    SELECT key, updated_pos INTO v_study, v_updated FROM studies WHERE id = p_id;
  ELSE
    SELECT key, updated_pos, protected INTO v_patient, v_updated, v_protected FROM patients WHERE id = p_id;
  END IF;
  IF coalesce(v_instance, v_series, v_study, v_patient) IS NULL
      OR (p_as_of IS NOT NULL AND (v_updated > p_as_of OR v_protected)) THEN
    RETURN NULL;
  END IF;
  IF v_series IS NOT NULL THEN SELECT study_key INTO v_study FROM series WHERE key = v_series; END IF;
  IF v_study IS NOT NULL THEN SELECT patient_key INTO v_patient FROM studies WHERE key = v_study; END IF;

  -- an only child takes its parent along
  IF v_level = 3 AND (SELECT instances_count FROM series WHERE key = v_series) = 1 THEN v_level := 2; END IF;
  IF v_level = 2 AND (SELECT series_count FROM studies WHERE key = v_study) = 1 THEN v_level := 1; END IF;
  IF v_level = 1 AND (SELECT studies_count FROM patients WHERE key = v_patient) = 1 THEN v_level := 0; END IF;

  IF v_level = 0 THEN
    SELECT coalesce(array_agg(key), '{}') INTO v_studies FROM studies WHERE patient_key = v_patient;
  ELSIF v_level = 1 THEN
    v_studies := ARRAY[v_study];
  END IF;
  IF v_level <= 1 THEN
    SELECT coalesce(array_agg(key), '{}') INTO v_series_keys FROM series WHERE study_key = ANY (v_studies);
  ELSIF v_level = 2 THEN
    v_series_keys := ARRAY[v_series];
  END IF;
  IF v_level <= 2 THEN
    SELECT array_agg(key) INTO v_keys FROM instances WHERE series_key = ANY (v_series_keys);
  ELSE
    v_keys := ARRAY[v_instance];
  END IF;
  SELECT count(*), sum(stored_size), sum(size) INTO v_instances, v_stored, v_size
    FROM instances WHERE key = ANY (v_keys);

  SELECT change_seq INTO v_seq FROM folded_position WHERE partition = 0;
  INSERT INTO change_feed (seq, position, type, level, resource_id, date)
    SELECT v_seq + row_number() OVER (ORDER BY r.level DESC, r.key), p_position, p_type, r.level, r.id, p_date FROM (
      SELECT 3 AS level, key, id FROM instances WHERE key = ANY (v_keys)
      UNION ALL SELECT 2, key, id FROM series WHERE key = ANY (v_series_keys)
      UNION ALL SELECT 1, key, id FROM studies WHERE key = ANY (v_studies)
      UNION ALL SELECT 0, key, id FROM patients WHERE v_level = 0 AND key = v_patient) r;
  v_seq := v_seq + v_instances + cardinality(v_series_keys) + cardinality(v_studies)
    + CASE WHEN v_level = 0 THEN 1 ELSE 0 END;
  INSERT INTO blob_garbage (key, instance_id, position)
    SELECT blob_key, id, p_position FROM instances WHERE key = ANY (v_keys)
    UNION ALL SELECT h.header_blob, i.id, p_position FROM headers h JOIN instances i ON i.key = h.instance_key
      WHERE h.instance_key = ANY (v_keys) AND h.header_blob IS NOT NULL
    ON CONFLICT DO NOTHING;
  INSERT INTO removed_studies (study_id, patient_id, patient_removed)
    SELECT id, parent_id, v_level = 0 FROM studies WHERE key = ANY (v_studies);

  v_removed := v_keys || v_series_keys || v_studies || CASE WHEN v_level = 0 THEN ARRAY[v_patient] ELSE '{}'::bigint[] END;
  SELECT count(*) AS n, coalesce(sum(size), 0) AS size, coalesce(sum(stored_size), 0) AS stored INTO v_attached
    FROM attachments WHERE resource_key = ANY (v_removed);
  IF v_attached.n > 0 THEN
    INSERT INTO blob_garbage (key, instance_id, position)
      SELECT blob_key, p_id, p_position FROM attachments WHERE resource_key = ANY (v_removed) ON CONFLICT DO NOTHING;
    DELETE FROM attachments WHERE resource_key = ANY (v_removed);
    UPDATE attached_sizes SET size = size - v_attached.size, stored_size = stored_size - v_attached.stored
      WHERE resource_key IN (v_patient, v_study, v_series);
    UPDATE folded_position SET attached_size = attached_size - v_attached.size,
        attached_stored_size = attached_stored_size - v_attached.stored WHERE partition = 0;
  END IF;
  DELETE FROM attached_sizes WHERE resource_key = ANY (v_removed);
  DELETE FROM changes WHERE seq = ANY (v_removed);
  DELETE FROM changes WHERE resource_key = ANY (v_removed) AND seq <> resource_key;
  DELETE FROM headers WHERE instance_key = ANY (v_keys);
  DELETE FROM instances WHERE key = ANY (v_keys);
  DELETE FROM series WHERE key = ANY (v_series_keys);
  DELETE FROM studies WHERE key = ANY (v_studies);
  IF v_level = 0 THEN
    DELETE FROM patients WHERE key = v_patient;
  ELSE
    UPDATE patients SET studies_count = studies_count - cardinality(v_studies),
        series_count = series_count - cardinality(v_series_keys), instances_count = instances_count - v_instances,
        stored_size = stored_size - v_stored, size = size - v_size, updated_at = p_time WHERE key = v_patient;
  END IF;
  IF v_level >= 2 THEN
    UPDATE studies SET series_count = series_count - cardinality(v_series_keys),
        instances_count = instances_count - v_instances, stored_size = stored_size - v_stored, size = size - v_size,
        updated_at = p_time WHERE key = v_study;
  END IF;
  IF v_level = 3 THEN
    UPDATE series SET instances_count = instances_count - v_instances, stored_size = stored_size - v_stored,
        size = size - v_size, updated_at = p_time WHERE key = v_series;
  END IF;
  UPDATE folded_position SET change_seq = v_seq, removed_seq = v_seq, instances = instances - v_instances,
      series = series - cardinality(v_series_keys), studies = studies - cardinality(v_studies),
      patients = patients - CASE WHEN v_level = 0 THEN 1 ELSE 0 END,
      stored_size = stored_size - v_stored, size = size - v_size
    WHERE partition = 0;

  IF v_level = 3 THEN
    SELECT json_build_object('level', 'Series', 'id', id) INTO v_remaining FROM series WHERE key = v_series;
  ELSIF v_level = 2 THEN
    SELECT json_build_object('level', 'Study', 'id', id) INTO v_remaining FROM studies WHERE key = v_study;
  ELSIF v_level = 1 THEN
    SELECT json_build_object('level', 'Patient', 'id', id) INTO v_remaining FROM patients WHERE key = v_patient;
  END IF;
  RETURN json_build_object('change_seq', v_seq, 'remaining', v_remaining);
END $fn$;
`;
