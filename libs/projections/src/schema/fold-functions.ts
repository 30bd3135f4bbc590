/**
 * The set-based halves of the fold, one call a batch: `fold_load` finds what a batch touches, `fold_write` applies its
 * difference, `fold_delete` removes a subtree. All VOLATILE: each statement inside sees what was committed before the
 * position lock was taken.
 */
export const FOLD_LOAD = `
CREATE FUNCTION fold_load(p_patients text[], p_studies text[], p_series text[], p_instances text[], p_annotated json,
  p_jobs text[])
RETURNS json LANGUAGE plpgsql VOLATILE AS $fn$
DECLARE
  v_position json;
  v_patients json;
  v_studies json;
  v_series json;
  v_instances json;
  v_annotated json;
BEGIN
  SELECT json_build_array(f."offset", f.change_seq) INTO v_position FROM folded_position f WHERE f.partition = 0;
  IF cardinality(p_patients) > 0 THEN
    SELECT json_agg(json_build_array(t.id, t.key, t.updated_pos, t.stable, t.blank)) INTO v_patients
      FROM patients t WHERE t.id = ANY (p_patients);
  END IF;
  IF cardinality(p_studies) > 0 THEN
    SELECT json_agg(json_build_array(t.id, t.key, t.updated_pos, t.stable, t.blank)) INTO v_studies
      FROM studies t WHERE t.id = ANY (p_studies);
  END IF;
  IF cardinality(p_series) > 0 THEN
    SELECT json_agg(json_build_array(t.id, t.key, t.updated_pos, t.stable, t.blank)) INTO v_series
      FROM series t WHERE t.id = ANY (p_series);
  END IF;
  IF cardinality(p_instances) > 0 THEN
    SELECT json_agg(t.id) INTO v_instances FROM instances t WHERE t.id = ANY (p_instances);
  END IF;
  IF p_annotated IS NOT NULL THEN v_annotated := fold_load_annotations(p_annotated); END IF;
  RETURN json_build_object('position', v_position, 'patients', v_patients, 'studies', v_studies, 'series', v_series,
    'instances', v_instances, 'annotated', v_annotated, 'jobs', fold_load_jobs(p_jobs));
END $fn$;
`;

/**
 * Whether the read models are folded up to just before an offset, and are those of the caller's release; if so, nobody
 * else folds until the transaction ends.
 */
export const FOLD_AT = `
CREATE FUNCTION fold_at(p_offset bigint, p_version int) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $fn$
BEGIN
  PERFORM 1 FROM folded_position WHERE partition = 0 AND "offset" = p_offset - 1 AND version = p_version FOR UPDATE;
  RETURN FOUND;
END $fn$;
`;

/** What a projector writes beside the fold: how far the log's writers are folded, and the announcement of the batch. */
export const FOLD_FINISH = `
CREATE FUNCTION fold_finish(p_writers json, p_channel text, p_payload text) RETURNS boolean
LANGUAGE plpgsql VOLATILE AS $fn$
BEGIN
  INSERT INTO folded_writers AS w (writer, counter)
    SELECT r.writer, r.counter FROM json_to_recordset(p_writers) AS r(writer uuid, counter bigint)
    ON CONFLICT (writer) DO UPDATE SET counter = greatest(w.counter, excluded.counter);
  PERFORM pg_notify(p_channel, p_payload);
  RETURN true;
END $fn$;
`;

/**
 * One parameter a table, so that each text is parsed once; null: nothing to write there. Raises where a row to update is
 * not there: then the caller knew something else than what the tables hold.
 */
export const FOLD_WRITE = `
CREATE FUNCTION fold_write(p_patients json, p_studies json, p_series json, p_patient_deltas json, p_study_deltas json,
  p_series_deltas json, p_instances json, p_headers json, p_changes json, p_garbage json, p_outcomes json,
  p_totals json) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $fn$
DECLARE
  v_rows int;
BEGIN
  IF p_patients IS NOT NULL THEN
    INSERT INTO patients SELECT * FROM json_populate_recordset(NULL::patients, p_patients);
  END IF;
  IF p_studies IS NOT NULL THEN
    INSERT INTO studies SELECT * FROM json_populate_recordset(NULL::studies, p_studies);
  END IF;
  IF p_series IS NOT NULL THEN
    INSERT INTO series SELECT * FROM json_populate_recordset(NULL::series, p_series);
  END IF;
  IF p_patient_deltas IS NOT NULL THEN
    UPDATE patients t SET studies_count = t.studies_count + d.studies, series_count = t.series_count + d.series,
        instances_count = t.instances_count + d.instances, stored_size = t.stored_size + d.stored_size,
        size = t.size + d.size, updated_at = coalesce(d.updated_at, t.updated_at),
        updated_pos = coalesce(d.updated_pos, t.updated_pos), stable = d.stable
      FROM json_to_recordset(p_patient_deltas) AS d(key bigint, studies int, series int, instances int,
        stored_size bigint, size bigint, updated_at timestamptz, updated_pos bigint, stable boolean)
      WHERE t.key = d.key;
    GET DIAGNOSTICS v_rows = ROW_COUNT;
    IF v_rows <> json_array_length(p_patient_deltas) THEN RAISE EXCEPTION 'a patient to update is not there'; END IF;
  END IF;
  IF p_study_deltas IS NOT NULL THEN
    UPDATE studies t SET series_count = t.series_count + d.series, instances_count = t.instances_count + d.instances,
        stored_size = t.stored_size + d.stored_size, size = t.size + d.size,
        updated_at = coalesce(d.updated_at, t.updated_at), updated_pos = coalesce(d.updated_pos, t.updated_pos),
        stable = d.stable
      FROM json_to_recordset(p_study_deltas) AS d(key bigint, series int, instances int,
        stored_size bigint, size bigint, updated_at timestamptz, updated_pos bigint, stable boolean)
      WHERE t.key = d.key;
    GET DIAGNOSTICS v_rows = ROW_COUNT;
    IF v_rows <> json_array_length(p_study_deltas) THEN RAISE EXCEPTION 'a study to update is not there'; END IF;
  END IF;
  IF p_series_deltas IS NOT NULL THEN
    UPDATE series t SET instances_count = t.instances_count + d.instances,
        stored_size = t.stored_size + d.stored_size, size = t.size + d.size,
        updated_at = coalesce(d.updated_at, t.updated_at), updated_pos = coalesce(d.updated_pos, t.updated_pos),
        stable = d.stable
      FROM json_to_recordset(p_series_deltas) AS d(key bigint, instances int,
        stored_size bigint, size bigint, updated_at timestamptz, updated_pos bigint, stable boolean)
      WHERE t.key = d.key;
    GET DIAGNOSTICS v_rows = ROW_COUNT;
    IF v_rows <> json_array_length(p_series_deltas) THEN RAISE EXCEPTION 'a series to update is not there'; END IF;
  END IF;
  IF p_instances IS NOT NULL THEN
    INSERT INTO instances SELECT * FROM json_populate_recordset(NULL::instances, p_instances);
    INSERT INTO headers SELECT h.instance_key, decode(h.header, 'base64'), h.header_blob, h.key_id
      FROM json_to_recordset(p_headers) AS h(instance_key bigint, header text, header_blob text, key_id uuid);
  END IF;
  IF p_changes IS NOT NULL THEN
    WITH c AS MATERIALIZED (
      SELECT * FROM json_to_recordset(p_changes) AS r(seq bigint, position bigint, type smallint, level smallint,
        resource_key bigint, resource_id text, date text)
    ), logged AS (
      INSERT INTO changes SELECT seq, type, level, resource_key, resource_id, date FROM c
    )
    INSERT INTO change_feed SELECT seq, position, type, level, resource_id, date FROM c;
  END IF;
  IF p_garbage IS NOT NULL THEN
    INSERT INTO blob_garbage (key, instance_id, position)
      SELECT g.key, g.instance_id, g.position
      FROM json_to_recordset(p_garbage) AS g(key text, instance_id text, position bigint)
      ON CONFLICT DO NOTHING;
  END IF;
  IF p_outcomes IS NOT NULL THEN
    INSERT INTO outcomes (event_id, outcome)
      SELECT o.event_id, o.outcome FROM json_to_recordset(p_outcomes) AS o(event_id uuid, outcome json);
  END IF;
  UPDATE folded_position f SET "offset" = t."offset", change_seq = t.change_seq,
      log_id = coalesce(t.log_id, f.log_id), patients = f.patients + t.patients, studies = f.studies + t.studies,
      series = f.series + t.series, instances = f.instances + t.instances,
      stored_size = f.stored_size + t.stored_size, size = f.size + t.size
    FROM json_to_record(p_totals) AS t("offset" bigint, change_seq bigint, log_id uuid, patients int, studies int,
      series int, instances int, stored_size bigint, size bigint)
    WHERE f.partition = 0;
  RETURN true;
END $fn$;
`;

/** Fills in rows of which nothing was known but their identifiers; counts and times stay. */
export const FOLD_FILL = `
CREATE FUNCTION fold_fill(p_patients json, p_studies json, p_series json) RETURNS boolean
LANGUAGE plpgsql VOLATILE AS $fn$
BEGIN
  UPDATE patients t SET patient_id_n = r.patient_id_n, patient_name_n = r.patient_name_n, birth_date = r.birth_date,
      main_tags = r.main_tags, metadata = r.metadata, key_id = r.key_id, blank = false
    FROM json_populate_recordset(NULL::patients, p_patients) r WHERE t.key = r.key;
  UPDATE studies t SET patient_id_n = r.patient_id_n, patient_name_n = r.patient_name_n,
      patient_birth_date = r.patient_birth_date, patient_tags = r.patient_tags, patient_sequences = r.patient_sequences,
      study_instance_uid = r.study_instance_uid, study_date = r.study_date, accession_number_n = r.accession_number_n,
      study_description_n = r.study_description_n, main_tags = r.main_tags, metadata = r.metadata, key_id = r.key_id,
      blank = false
    FROM json_populate_recordset(NULL::studies, p_studies) r WHERE t.key = r.key;
  UPDATE series t SET series_instance_uid = r.series_instance_uid, modality_n = r.modality_n, main_tags = r.main_tags,
      metadata = r.metadata, expected_instances = r.expected_instances, key_id = r.key_id, blank = false
    FROM json_populate_recordset(NULL::series, p_series) r WHERE t.key = r.key;
  RETURN true;
END $fn$;
`;
