import type { JobJson } from '@annal/domain';
import { booleanField } from '../http/body/json-fields.js';
import { OrthancError } from '../http/errors/http-errors.js';
import type { Json, JsonObject } from '../http/body/read-json.js';

/** What the body of any request for a job may say of it. */
export interface JobRequestFields {
  /** Whether the request is answered when the job is done. */
  readonly synchronous: boolean;
  readonly priority: number;
  readonly permissive: boolean;
  readonly userData?: JobJson;
}

/** Those of a job's type, where the body says nothing. */
export interface JobRequestDefaults {
  readonly synchronous: boolean;
  /** Absent: such jobs know no `Permissive`, and it is not looked at. */
  readonly permissive?: boolean;
}

/** 32 bits, as the column and Orthanc have it. */
const LARGEST = 2 ** 31 - 1;

/**
 * `Synchronous`, else `Asynchronous`; `Priority`; `Permissive`; `UserData`.
 * @throws OrthancError 400 for other types
 */
export function jobRequestFields(body: JsonObject, defaults: JobRequestDefaults): JobRequestFields {
  const { Priority: priority = 0, UserData: userData } = body;
  const synchronous = isSynchronous(body, defaults.synchronous);
  if (typeof priority !== 'number' || !Number.isInteger(priority) || Math.abs(priority) > LARGEST) {
    throw new OrthancError('BadFileFormat', 'Integer value expected in field: Priority');
  }
  const permissive = defaults.permissive !== undefined && booleanField(body, 'Permissive', defaults.permissive);
  return { synchronous, priority, permissive, ...(userData === undefined ? {} : { userData: keepable(userData) }) };
}

function isSynchronous(body: JsonObject, absent: boolean): boolean {
  if (body.Synchronous !== undefined) return booleanField(body, 'Synchronous', absent);
  return !booleanField(body, 'Asynchronous', !absent);
}

/** Without what no table could hold: NUL, and halves of characters. */
function keepable(value: Json): JobJson {
  if (typeof value === 'string') return value.replaceAll('\0', '').toWellFormed();
  if (Array.isArray(value)) return value.map(keepable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [keepable(key) as string, keepable(each)]));
}
