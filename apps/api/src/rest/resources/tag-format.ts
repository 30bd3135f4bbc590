import type { TagFormat } from '@annal/dicom';
import { booleanField } from '../../http/body/json-fields.js';
import type { JsonObject } from '../../http/body/read-json.js';
import type { Query } from './list-request.js';

/** `simplify` before `short` before `full`, whatever value they have. @param otherwise the format without any of them */
export function formatOf(query: Query, otherwise: TagFormat): TagFormat {
  if (query.simplify !== undefined) return 'simplify';
  if (query.short !== undefined) return 'short';
  return query.full !== undefined ? 'full' : otherwise;
}

/** As {@link formatOf}, of a body's `Simplify`, `Short` and `Full`. @throws OrthancError 400: the first of them is no Boolean */
export function formatIn(body: JsonObject): TagFormat {
  if (booleanField(body, 'Simplify', false)) return 'simplify';
  if (booleanField(body, 'Short', false)) return 'short';
  return booleanField(body, 'Full', false) ? 'full' : 'simplify';
}
