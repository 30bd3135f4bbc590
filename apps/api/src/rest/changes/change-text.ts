import { COLLECTIONS, LEVELS } from '@annal/domain';
import { CHANGE_TYPES, changeTypeName, type ChangeRow } from '@annal/projections';

/** What stands in front of an answer's changes. */
export const OPENING = '{"Changes":[';

/** Changes as JSON text, separated by commas: a reader that catches up takes hundreds of thousands of them. */
export function changesText(rows: readonly ChangeRow[]): string {
  let text = '';
  for (const [seq, type, level, id, date] of rows) {
    if (text !== '') text += ',\n';
    text += `${TYPES[type]}${date}","ID":"${id}","Path":"/${PATHS[level]}${id}",${RESOURCES[level]}${seq}}`;
  }
  return text;
}

/**
 * What stands behind an answer's changes.
 * @param done whether there are no more now
 * @param first the number of the first one; undefined when there are none
 */
export function closing(done: boolean, first: number | undefined, last: number): string {
  return `],"Done":${done}${first === undefined ? '' : `,"First":${first}`},"Last":${last}}`;
}

const TYPES: string[] = [];
for (const number of Object.values(CHANGE_TYPES)) TYPES[number] = `{"ChangeType":"${changeTypeName(number)}","Date":"`;
const PATHS = LEVELS.map((level) => `${COLLECTIONS[level]}/`);
const RESOURCES = LEVELS.map((level) => `"ResourceType":"${level}","Seq":`);
