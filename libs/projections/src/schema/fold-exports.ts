/**
 * Writes what a batch says of exports, at most one row an export. A success stays what it is; anything else is replaced by
 * what is said last. A resource is named once, by its place in the export's list; those to be listed get the next numbers.
 */
export const FOLD_WRITE_EXPORTS = `
CREATE FUNCTION fold_write_exports(p_exports json, p_resources json) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $fn$
DECLARE
  v_listed int;
BEGIN
  INSERT INTO exports AS t SELECT * FROM json_populate_recordset(NULL::exports, p_exports)
    ON CONFLICT (id) DO UPDATE SET outcome = excluded.outcome, instances = excluded.instances, failed = excluded.failed,
      bytes = excluded.bytes, error_code = excluded.error_code, reported_at = excluded.reported_at
      WHERE t.outcome <> 'success';
  WITH named AS (
    SELECT e.key AS export_key, r.* FROM json_to_recordset(p_resources) AS r(export_id text, place int, level smallint,
        resource_id text, patient_id text, study_id text, series_id text, listed boolean, position bigint, date text)
      JOIN exports e ON e.id = r.export_id
  ), fresh AS (
    INSERT INTO export_resources
      SELECT export_key, place, level, resource_id, patient_id, study_id, series_id FROM named
      ON CONFLICT DO NOTHING RETURNING export_key, place
  )
  INSERT INTO listed_exports
    SELECT f.export_seq + row_number() OVER (ORDER BY n.position, n.place), n.export_key, n.place, n.date
    FROM fresh JOIN named n USING (export_key, place), folded_position f
    WHERE f.partition = 0 AND n.listed AND n.level IS NOT NULL;
  GET DIAGNOSTICS v_listed = ROW_COUNT;
  IF v_listed > 0 THEN UPDATE folded_position SET export_seq = export_seq + v_listed WHERE partition = 0; END IF;
  RETURN true;
END $fn$;
`;
