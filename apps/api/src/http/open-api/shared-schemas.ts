import { LEVELS } from '@annal/domain';
import { component, exactly, flag, listOf, type Schema, text, whole } from './schema.js';

/** A list of texts, such as what there is below a path. */
export const NAMES: Schema = component('Names', listOf({ type: 'string' }));

/** The Orthanc identifier of a resource. */
export const IDENTIFIER: Schema = component('Identifier', {
  type: 'string',
  pattern: '^[0-9a-f]{8}(-[0-9a-f]{8}){4}$',
  description: "Orthanc's identifier of a patient, study, series or instance",
});

export const IDENTIFIERS: Schema = component('Identifiers', listOf(IDENTIFIER));

/** Which resource it is, and where. */
export const RESOURCE_PATH: Schema = component(
  'ResourcePath',
  exactly({ ID: IDENTIFIER, Path: text('The path of the resource'), Type: text('Its level', LEVELS) }),
);

/** What answers of plugins and of jobs' controls say: {}. */
export const EMPTY_OBJECT: Schema = component('EmptyObject', exactly({}));

/** As YYYYMMDDThhmmss, in UTC. */
export const TIME: Schema = component('Time', {
  type: 'string',
  pattern: String.raw`^\d{8}T\d{6}$`,
  description: 'As YYYYMMDDThhmmss, in UTC',
});

/** An object of any members. */
export const ANY_OBJECT: Schema = { type: 'object' };

/** A page of a numbered list. @param member the name of the member that has the rows */
export function pageOf(member: string, row: Schema): Schema {
  const members = {
    [member]: listOf(row),
    Done: flag('Whether there are no more'),
    First: whole('The number of the first of them'),
    Last: whole('The number of the last of them: where the next request goes on'),
  };
  return component(member, exactly(members, ['First']));
}
