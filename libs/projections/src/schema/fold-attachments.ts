import { COMPRESSION_NUMBERS } from '../compression.js';

/** The numbers of the ways in which a blob may hold the bytes of a file. */
export const FOLD_COMPRESSION = `
CREATE FUNCTION fold_compression(p_name text) RETURNS smallint LANGUAGE sql IMMUTABLE AS $fn$
  SELECT CASE p_name ${Object.entries(COMPRESSION_NUMBERS)
    .map(([name, number]) => `WHEN '${name}' THEN ${number}`)
    .join(' ')} END::smallint
$fn$;
`;

/** The keys of a resource and of those above it, its own first; null where it is not there. Levels: 0 patient … 3 instance. */
export const FOLD_LINE = `
CREATE FUNCTION fold_line(p_level int, p_id text) RETURNS bigint[] LANGUAGE plpgsql VOLATILE AS $fn$
DECLARE
  v_keys bigint[];
BEGIN
  IF p_level = 3 THEN
    SELECT ARRAY[i.key, s.key, t.key, t.patient_key] INTO v_keys FROM instances i
      JOIN series s ON s.key = i.series_key JOIN studies t ON t.key = s.study_key WHERE i.id = p_id;
  ELSIF p_level = 2 THEN
    SELECT ARRAY[s.key, t.key, t.patient_key] INTO v_keys FROM series s
      JOIN studies t ON t.key = s.study_key WHERE s.id = p_id;
  ELSIF p_level = 1 THEN
    SELECT ARRAY[t.key, t.patient_key] INTO v_keys FROM studies t WHERE t.id = p_id;
  ELSE
    SELECT ARRAY[p.key] INTO v_keys FROM patients p WHERE p.id = p_id;
  END IF;
  RETURN v_keys;
END $fn$;
`;

/** Takes down that a resource's attachments are others: its row is written, and those above count what is added. */
export const FOLD_ATTACHED = `
CREATE FUNCTION fold_attached(p_level int, p_id text, p_keys bigint[], p_size bigint, p_stored bigint,
  p_position bigint, p_date text, p_type smallint) RETURNS void LANGUAGE plpgsql VOLATILE AS $fn$
DECLARE
  v_seq bigint;
BEGIN
  INSERT INTO attached_sizes AS a (resource_key, size, stored_size)
    SELECT key, p_size, p_stored FROM unnest(p_keys) AS key
    ON CONFLICT (resource_key) DO UPDATE
      SET size = a.size + excluded.size, stored_size = a.stored_size + excluded.stored_size;
  UPDATE folded_position SET change_seq = change_seq + 1, attached_size = attached_size + p_size,
      attached_stored_size = attached_stored_size + p_stored
    WHERE partition = 0 RETURNING change_seq INTO v_seq;
  INSERT INTO changes (seq, type, level, resource_key, resource_id, date)
    VALUES (v_seq, p_type, p_level, p_keys[1], p_id, p_date);
  INSERT INTO change_feed (seq, position, type, level, resource_id, date)
    VALUES (v_seq, p_position, p_type, p_level, p_id, p_date);
  IF p_level = 3 THEN
    UPDATE instances SET id = id WHERE key = p_keys[1];
  ELSIF p_level = 2 THEN
    UPDATE series SET id = id WHERE key = p_keys[1];
  ELSIF p_level = 1 THEN
    UPDATE studies SET id = id WHERE key = p_keys[1];
  ELSE
    UPDATE patients SET id = id WHERE key = p_keys[1];
  END IF;
END $fn$;
`;

/**
 * Attaches a blob to a resource, in the place of an attachment of the same number, or (null) takes that one off. What is
 * expected is a client's word: its revision may be beyond any that a column holds. Returns
 * the outcome: `revised` with the revision, `detached`, `conflict` or `not-found`.
 */
export const FOLD_ATTACH = `
CREATE FUNCTION fold_attach(p_level int, p_id text, p_content_type int, p_expected json, p_blob json,
  p_position bigint, p_date text, p_type smallint) RETURNS json LANGUAGE plpgsql VOLATILE AS $fn$
DECLARE
  v_keys bigint[] := fold_line(p_level, p_id);
  v_old attachments%ROWTYPE;
  v_kind text;
BEGIN
  SELECT * INTO v_old FROM attachments WHERE resource_key = v_keys[1] AND content_type = p_content_type;
  IF v_keys IS NULL OR (p_blob IS NULL AND v_old.blob_key IS NULL) THEN
    v_kind := 'not-found';
  ELSIF v_old.blob_key IS NOT NULL AND p_expected IS NOT NULL AND (json_typeof(p_expected) <> 'object'
      OR (p_expected->>'revision')::numeric <> v_old.revision
      OR p_expected->>'md5' NOT IN (v_old.md5, v_old.blob_key)) THEN
    v_kind := 'conflict';
  END IF;
  IF v_kind IS NOT NULL THEN
    INSERT INTO blob_garbage (key, instance_id, position)
      SELECT p_blob->>'key', p_id, p_position WHERE p_blob IS NOT NULL ON CONFLICT DO NOTHING;
    RETURN json_build_object('kind', v_kind);
  END IF;

  IF v_old.blob_key IS NOT NULL THEN
    INSERT INTO blob_garbage (key, instance_id, position) VALUES (v_old.blob_key, p_id, p_position)
      ON CONFLICT DO NOTHING;
    DELETE FROM attachments WHERE resource_key = v_keys[1] AND content_type = p_content_type;
  END IF;
  IF p_blob IS NOT NULL THEN
    INSERT INTO attachments
      SELECT v_keys[1], p_content_type, coalesce(v_old.revision + 1, 0), b.key, b.md5, b.size, b."storedMd5",
        b."storedSize", fold_compression(b.compression)
      FROM json_to_record(p_blob) AS b(key text, md5 text, size bigint, "storedMd5" text, "storedSize" bigint,
        compression text);
  END IF;
  PERFORM fold_attached(p_level, p_id, v_keys, coalesce((p_blob->>'size')::bigint, 0) - coalesce(v_old.size, 0),
    coalesce((p_blob->>'storedSize')::bigint, 0) - coalesce(v_old.stored_size, 0), p_position, p_date, p_type);
  IF p_blob IS NULL THEN RETURN json_build_object('kind', 'detached'); END IF;
  RETURN json_build_object('kind', 'revised', 'revision', coalesce(v_old.revision + 1, 0));
END $fn$;
`;

/**
 * Has an attachment, which may be an instance's DICOM file (1), stored as another blob of the same bytes. Returns whether
 * it was still the blob that was read.
 */
export const FOLD_RECODE = `
CREATE FUNCTION fold_recode(p_level int, p_id text, p_content_type int, p_replaces text, p_blob json,
  p_position bigint, p_date text, p_type smallint) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $fn$
DECLARE
  v_keys bigint[] := fold_line(p_level, p_id);
  v_stored bigint := (p_blob->>'storedSize')::bigint;
  v_added bigint;
BEGIN
  IF p_content_type = 1 AND p_level = 3 THEN
    SELECT v_stored - stored_size INTO v_added FROM instances WHERE key = v_keys[1] AND blob_key = p_replaces;
  ELSE
    SELECT v_stored - stored_size INTO v_added FROM attachments
      WHERE resource_key = v_keys[1] AND content_type = p_content_type AND blob_key = p_replaces;
  END IF;
  INSERT INTO blob_garbage (key, instance_id, position)
    VALUES (CASE WHEN v_added IS NULL THEN p_blob->>'key' ELSE p_replaces END, p_id, p_position)
    ON CONFLICT DO NOTHING;
  IF v_added IS NULL THEN RETURN false; END IF;

  IF p_content_type = 1 AND p_level = 3 THEN
    UPDATE instances SET blob_key = p_blob->>'key', stored_md5 = p_blob->>'storedMd5', stored_size = v_stored,
        compression = fold_compression(p_blob->>'compression'), revision = coalesce(revision, 0) + 1
      WHERE key = v_keys[1];
    UPDATE series SET stored_size = stored_size + v_added WHERE key = v_keys[2];
    UPDATE studies SET stored_size = stored_size + v_added WHERE key = v_keys[3];
    UPDATE patients SET stored_size = stored_size + v_added WHERE key = v_keys[4];
    UPDATE folded_position SET stored_size = stored_size + v_added WHERE partition = 0;
  ELSE
    UPDATE attachments SET blob_key = p_blob->>'key', stored_md5 = p_blob->>'storedMd5', stored_size = v_stored,
        compression = fold_compression(p_blob->>'compression'), revision = revision + 1
      WHERE resource_key = v_keys[1] AND content_type = p_content_type;
    PERFORM fold_attached(p_level, p_id, v_keys, 0, v_added, p_position, p_date, p_type);
  END IF;
  RETURN true;
END $fn$;
`;
