/**
 * Writes what a batch says of exports, at most one row an export. A success stays what it is; anything else is replaced by
 * the outcome that is said last. Of counts the most that was ever said stays: so no late word takes anything back. A resource
 * is named once, by its place in the export's list; those to be listed get the next numbers.
 */
export const FOLD_WRITE_EXPORTS = `
CREATE FUNCTION fold_write_exports(p_exports json, p_resources json, p_arrived json) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $fn$
DECLARE
  v_listed int;
BEGIN
  INSERT INTO exports AS t SELECT * FROM json_populate_recordset(NULL::exports, p_exports)
    ON CONFLICT (id) DO UPDATE SET
      instances = greatest(t.instances, excluded.instances), bytes = greatest(t.bytes, excluded.bytes),
      outcome = CASE WHEN t.outcome = 'success' OR excluded.outcome = 'pending' THEN t.outcome ELSE excluded.outcome END,
      failed = CASE WHEN t.outcome = 'success' OR excluded.outcome = 'pending' THEN t.failed ELSE excluded.failed END,
      error_code = CASE WHEN t.outcome = 'success' OR excluded.outcome = 'pending' THEN t.error_code ELSE excluded.error_code END,
      reported_at = CASE WHEN t.outcome = 'success' OR excluded.outcome = 'pending' THEN t.reported_at ELSE excluded.reported_at END;
  -- before more are named: what a batch names has its counts with it
  UPDATE export_resources t SET arrived = greatest(t.arrived, a.instances)
    FROM json_to_recordset(p_arrived) AS a(export_id text, resource_id text, instances bigint)
      JOIN exports e ON e.id = a.export_id
    WHERE t.export_key = e.key AND t.resource_id = a.resource_id;
  WITH named AS (
    SELECT e.key AS export_key, r.* FROM json_to_recordset(p_resources) AS r(export_id text, place int, level smallint,
        resource_id text, patient_id text, study_id text, series_id text, asked bigint, arrived bigint, listed boolean,
        position bigint, date text)
      JOIN exports e ON e.id = r.export_id
  ), fresh AS (
    INSERT INTO export_resources
      SELECT export_key, place, level, resource_id, patient_id, study_id, series_id, asked, arrived FROM named
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
