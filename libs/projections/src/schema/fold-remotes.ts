/** Writes other servers as they are now. */
export const FOLD_WRITE_REMOTES = `
CREATE FUNCTION fold_write_remotes(p_set json, p_removed json) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $fn$
BEGIN
  INSERT INTO remotes SELECT * FROM json_populate_recordset(NULL::remotes, p_set)
    ON CONFLICT (kind, run, name) DO UPDATE SET event_id = excluded.event_id, key_id = excluded.key_id,
      sealed = excluded.sealed;
  DELETE FROM remotes r USING json_to_recordset(p_removed) AS d(kind text, run text, name text)
    WHERE r.kind = d.kind AND r.run = d.run AND r.name = d.name;
  RETURN true;
END $fn$;
`;
