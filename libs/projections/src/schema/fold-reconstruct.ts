/**
 * Takes what the file of an instance says, read once more, for what is known: of the instance and those above it, or of
 * one level (0 patient … 3 instance) and those of which nothing is known. Counts, sizes, times and what users added stay. Returns whether the instance still
 * has the file that was read.
 */
export const FOLD_RECONSTRUCT = `
CREATE FUNCTION fold_reconstruct(p_only int, p_blob_key text, p_patient json, p_study json, p_series json,
  p_instance json, p_header json, p_position bigint) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $fn$
DECLARE
  v_id text := p_instance->>'id';
  v_keys bigint[] := fold_line(3, v_id);
  v_header_blob text := p_header->>'header_blob';
BEGIN
  IF NOT EXISTS (SELECT 1 FROM instances WHERE key = v_keys[1] AND blob_key = p_blob_key) THEN
    INSERT INTO blob_garbage (key, instance_id, position)
      SELECT v_header_blob, v_id, p_position WHERE v_header_blob IS NOT NULL ON CONFLICT DO NOTHING;
    RETURN false;
  END IF;
  UPDATE patients t SET patient_id_n = r.patient_id_n, patient_name_n = r.patient_name_n, birth_date = r.birth_date,
      main_tags = r.main_tags, metadata = (t.metadata - 'MainDicomSequences') || r.metadata, key_id = r.key_id,
      blank = false
    FROM json_populate_record(NULL::patients, p_patient) r
      WHERE t.key = v_keys[4] AND (p_only IS NULL OR p_only = 0 OR t.blank);
  UPDATE studies t SET patient_id_n = r.patient_id_n, patient_name_n = r.patient_name_n,
      patient_birth_date = r.patient_birth_date, patient_tags = r.patient_tags,
      patient_sequences = r.patient_sequences, study_instance_uid = r.study_instance_uid, study_date = r.study_date,
      accession_number_n = r.accession_number_n, study_description_n = r.study_description_n,
      main_tags = r.main_tags, metadata = (t.metadata - 'MainDicomSequences') || r.metadata, key_id = r.key_id,
      blank = false
    FROM json_populate_record(NULL::studies, p_study) r
      WHERE t.key = v_keys[3] AND (p_only IS NULL OR p_only = 1 OR t.blank);
  UPDATE series t SET series_instance_uid = r.series_instance_uid, modality_n = r.modality_n,
      main_tags = r.main_tags, metadata = (t.metadata - 'MainDicomSequences') || r.metadata, key_id = r.key_id,
      blank = false
    FROM json_populate_record(NULL::series, p_series) r
      WHERE t.key = v_keys[2] AND (p_only IS NULL OR p_only = 2 OR t.blank);
  -- a study shows modalities of its series: its version changes with theirs
  UPDATE studies t SET blank = t.blank WHERE t.key = v_keys[3] AND p_only >= 2;
  IF p_only IS NULL OR p_only = 3 THEN
    -- what is below a series changes: so does the version of its contents
    UPDATE series t SET updated_pos = p_position WHERE t.key = v_keys[2];
    UPDATE instances t SET sop_instance_uid = r.sop_instance_uid, sop_class_uid = r.sop_class_uid,
        transfer_syntax_uid = r.transfer_syntax_uid, index_in_series = r.index_in_series,
        number_of_frames = r.number_of_frames, main_tags = r.main_tags,
        metadata = (t.metadata - '{MainDicomSequences,IndexInSeries,PixelDataOffset,PixelDataVR}'::text[]) || r.metadata,
        key_id = r.key_id, blank = false
      FROM json_populate_record(NULL::instances, p_instance) r WHERE t.key = v_keys[1];
    INSERT INTO blob_garbage (key, instance_id, position)
      SELECT header_blob, v_id, p_position FROM headers WHERE instance_key = v_keys[1] AND header_blob IS NOT NULL
      ON CONFLICT DO NOTHING;
    UPDATE headers SET header = decode(p_header->>'header', 'base64'), header_blob = v_header_blob,
        key_id = (p_header->>'key_id')::uuid
      WHERE instance_key = v_keys[1];
  END IF;
  RETURN true;
END $fn$;
`;
