/**
 * The indexes of patients, studies, series and instances by which queries alone find them, and the fold nothing: tables
 * that are filled anew get them in the end, which costs less than row by row.
 */
export const QUERY_INDEXES: readonly string[] = [
  'CREATE INDEX patients_patient_id ON patients (patient_id_n)',
  'CREATE INDEX patients_name ON patients (patient_name_n)',
  'CREATE INDEX patients_name_parts ON patients USING gin (patient_name_n gin_trgm_ops)',
  'CREATE INDEX patients_birth_date ON patients (birth_date)',
  'CREATE INDEX patients_unstable ON patients (key) WHERE NOT stable',
  'CREATE INDEX patients_labels ON patients USING gin (labels) WHERE labels IS NOT NULL',
  'CREATE INDEX studies_patient_id ON studies (patient_id_n)',
  'CREATE INDEX studies_patient_name ON studies (patient_name_n)',
  'CREATE INDEX studies_patient_name_parts ON studies USING gin (patient_name_n gin_trgm_ops)',
  'CREATE INDEX studies_patient_birth_date ON studies (patient_birth_date)',
  'CREATE INDEX studies_uid ON studies (study_instance_uid)',
  // with the key: searches for a date range choose their page within it
  'CREATE INDEX studies_date ON studies (study_date, key)',
  'CREATE INDEX studies_accession ON studies (accession_number_n)',
  'CREATE INDEX studies_description ON studies USING gin (study_description_n gin_trgm_ops)',
  'CREATE INDEX studies_unstable ON studies (key) WHERE NOT stable',
  'CREATE INDEX studies_labels ON studies USING gin (labels) WHERE labels IS NOT NULL',
  'CREATE INDEX series_uid ON series (series_instance_uid)',
  'CREATE INDEX series_modality ON series (modality_n)',
  'CREATE INDEX series_unstable ON series (key) WHERE NOT stable',
  'CREATE INDEX series_labels ON series USING gin (labels) WHERE labels IS NOT NULL',
  'CREATE INDEX instances_uid ON instances (sop_instance_uid)',
  'CREATE INDEX instances_labels ON instances USING gin (labels) WHERE labels IS NOT NULL',
];
